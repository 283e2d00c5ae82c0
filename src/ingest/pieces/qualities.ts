/** The quality of a day's pieces, put together as the day's. */
import { joinLeftOut } from '#market/records/left-out.js';
import type { DayQuality } from '#market/records/quality.js';

/** Examples that are kept of each kind. */
const EXAMPLES = 5;

export const NO_QUALITY: DayQuality = {
  bars: 0,
  notBars: { count: 0, first: [] },
  doubles: { count: 0, first: [] },
  offDate: 0,
  leftOut: [],
  offDay: [],
};

/** `rowsBefore`: of the pieces before, each a line. */
export function addQuality(before: DayQuality, piece: DayQuality, rowsBefore: number): DayQuality {
  const moved = piece.notBars.first.map((record) => ({ ...record, line: record.line + rowsBefore }));
  return {
    bars: before.bars + piece.bars,
    notBars: {
      count: before.notBars.count + piece.notBars.count,
      first: [...before.notBars.first, ...moved].slice(0, EXAMPLES),
    },
    doubles: {
      count: before.doubles.count + piece.doubles.count,
      first: [...before.doubles.first, ...piece.doubles.first].slice(0, EXAMPLES),
    },
    offDate: before.offDate + piece.offDate,
    leftOut: joinLeftOut(before.leftOut, piece.leftOut, rowsBefore),
    offDay: [...new Set([...before.offDay, ...piece.offDay])].slice(0, EXAMPLES),
  };
}
