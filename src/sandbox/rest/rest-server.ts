/**
 * The vendor's REST API over the synthetic market: keys, plans, limits, envelopes and pages as the vendor's
 * are, with every oddity that is known of them. GET only, JSON, compressed for who can take it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { canSpoil, deliverFault } from '#sandbox/faults/fault-delivery.js';
import {
  createFaultPicker,
  type FaultHit,
  type FaultPicker,
  type FaultPlan,
} from '#sandbox/faults/faults.js';
import { bodyLength, type Reply, sendReply } from '#sandbox/s3/reply.js';
import { conditionsOf } from './conditions.js';
import { type Place, placeOf } from './cursor.js';
import type { Endpoint } from './endpoint.js';
import { jsonObject } from './json-number.js';
import { envelopeOf, pageOf } from './page.js';
import { QueryError } from './query-error.js';
import { createRateGate, type RateGate } from './rate-gate.js';
import { isOfPages, restAbility, spoiltPage } from './rest-faults.js';
import { createRestLog, type RestLogbook } from './rest-log.js';
import type { RestOptions } from './rest-options.js';
import { REST_PATHS, type RestType, typeAt } from './rest-types.js';
import { DAYS_OF_TYPE } from './type-days.js';

const compress = promisify(gzip);
const JSON_TYPE = 'application/json';
const NO_BODY = new Uint8Array(0);
/** Every so many refusals for the rate have no body. */
const EMPTY_REFUSALS = 3;
/** Every so many answers have the number 1 as their id. */
const NUMBERED_ANSWERS = 5;

export interface RestServerOptions {
  readonly endpoint: (type: RestType) => Endpoint;
  readonly apiKey: string;
  readonly options: RestOptions;
  readonly faults: FaultPlan | undefined;
}

export interface RestServer {
  /** Not listening yet. */
  readonly http: Server;
  readonly log: RestLogbook;
  setOptions(options: RestOptions): void;
  setFaults(plan: FaultPlan | undefined): void;
}

/** What one request asks for. */
interface Asked {
  readonly path: string;
  readonly place: Place;
  readonly type: RestType | undefined;
  readonly argument: string;
  readonly requestId: string | number;
  readonly host: string;
  readonly fault: FaultHit | undefined;
}

export function createRestServer({
  endpoint: endpointOf,
  apiKey,
  options,
  faults,
}: RestServerOptions): RestServer {
  const log = createRestLog();
  let given = options;
  let gate = gateOf(options);
  /** Whether the answer to the request at hand is compressed. */
  let packing = false;
  let pickFault = pickerOf(faults);
  let requestNumber = 0;
  let refusals = 0;

  function pickerOf(plan: FaultPlan | undefined): FaultPicker {
    return createFaultPicker(
      plan,
      restAbility(() => packing),
    );
  }

  const http = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    request.resume();
    answer(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else sendReply(response, refuse(500, 'ERROR', 'error', message, 'internal'), false);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requestNumber += 1;
    const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const parameters = new URLSearchParams(query);
    const { type, argument } = typeAt(path) ?? { type: undefined, argument: '' };
    packing = gzipped(request);
    const fault = pickFault('get', path);
    const requestId = requestNumber % NUMBERED_ANSWERS === 0 ? 1 : hexOf(requestNumber);
    const host = request.headers.host ?? 'localhost';
    if (given.latencyMs !== undefined) await pause(given.latencyMs);
    const asked = { path, type, argument, requestId, host, fault };
    const { shown, reply } = shownReply(request, parameters, asked);
    const sent = await packed(reply, gzipped(request));
    log.add(
      { type, path, query: withoutKey(shown), status: reply.status, fault: fault?.kind },
      bodyLength(sent),
    );
    if (response.destroyed) return;
    if (fault === undefined || isOfPages(fault) || !canSpoil(fault, sent.status))
      return sendReply(response, sent, false);
    // Cut in its middle, and whole as a transfer.
    if (fault.kind === 'truncated-list')
      return sendReply(response, { ...reply, body: reply.body.subarray(0, reply.body.length >> 1) }, false);
    deliverFault(response, {
      reply: sent,
      hit: fault,
      withoutBody: false,
      errorReply: (status, _code, message) => refuse(status, 'ERROR', 'error', message, requestId),
    });
  }

  /** The answer, and the query that it is an answer to: a cursor's own, where one was sent. */
  function shownReply(
    request: IncomingMessage,
    parameters: URLSearchParams,
    asked: Omit<Asked, 'place'>,
  ): { readonly shown: URLSearchParams; readonly reply: Reply } {
    try {
      const place = placeOf(parameters);
      const whole = { ...asked, place };
      return { shown: place.parameters, reply: refusalOf(request, parameters, whole) ?? replyTo(whole) };
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      return { shown: parameters, reply: refuse(400, 'ERROR', 'error', error.message, asked.requestId) };
    }
  }

  function refusalOf(request: IncomingMessage, parameters: URLSearchParams, asked: Asked): Reply | undefined {
    const { requestId, type } = asked;
    if (request.method !== 'GET') return refuse(405, 'ERROR', 'error', 'Method not allowed.', requestId);
    const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? parameters.get('apiKey');
    if (key === null || key === undefined)
      return refuse(401, 'ERROR', 'error', 'API Key was not provided', requestId);
    if (key !== apiKey) return refuse(401, 'ERROR', 'error', 'Unknown API Key', requestId);
    const wait = gate?.(performance.now());
    if (wait !== undefined) return tooMany(wait, requestId);
    if (type === undefined) return notFoundPage();
    if (given.deniedTypes?.includes(type) === true)
      return refuse(
        403,
        'NOT_AUTHORIZED',
        'message',
        'You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing',
        requestId,
      );
    if (reachesTooFar(type, asked.place.parameters))
      return refuse(
        403,
        'NOT_AUTHORIZED',
        'message',
        "Your plan doesn't include this data timeframe.",
        requestId,
      );
    return undefined;
  }

  function reachesTooFar(type: RestType, parameters: URLSearchParams): boolean {
    const { earliest } = given;
    const column = DAYS_OF_TYPE[type];
    if (earliest === undefined || column === undefined) return false;
    const bounds = conditionsOf(parameters, { [column]: { kind: 'text', of: () => undefined } });
    return bounds.some(
      ({ operator, values }) => !operator.startsWith('lt') && values.some((value) => value < earliest),
    );
  }

  function tooMany(wait: number, requestId: string | number): Reply {
    refusals += 1;
    const refusal = refuse(
      429,
      'ERROR',
      'error',
      "You've exceeded the maximum requests per minute, please wait or upgrade your subscription to continue.",
      requestId,
    );
    const after = given.rate?.retryAfter ?? 'seconds';
    const headers = {
      ...refusal.headers,
      ...(after === 'seconds' && { 'Retry-After': String(Math.ceil(wait / 1000)) }),
      // Up to the next whole second, as an HTTP date has no smaller ones.
      ...(after === 'date' && { 'Retry-After': new Date(Date.now() + wait + 999).toUTCString() }),
    };
    return { ...refusal, headers, body: refusals % EMPTY_REFUSALS === 0 ? NO_BODY : refusal.body };
  }

  function replyTo(asked: Asked): Reply {
    const { path, place, type, argument, requestId, host, fault } = asked;
    if (type === undefined) return notFoundPage();
    const endpoint = endpointOf(type);
    const status = given.delayed === true ? 'DELAYED' : 'OK';
    if ('list' in endpoint) {
      const spoilt = spoiltPage(pageOf(endpoint.list, place), place, fault);
      const url = `http://${withPort(spoilt.host ?? host)}${nextPath(type, path)}`;
      const { page, mark = '' } = spoilt;
      return json(200, envelopeOf({ page, status, requestId, counted: isOld(type), url, mark }));
    }
    const document = endpoint.document(argument, place.parameters);
    if ('notFound' in document) return refuse(404, 'NOT_FOUND', 'message', document.notFound, requestId);
    if ('bare' in document) return json(200, Buffer.from(document.bare));
    const body = jsonObject({
      ...{ request_id: JSON.stringify(requestId), results: document.results },
      ...{ status: `"${status}"`, count: document.count?.toString() },
      ...document.beside,
    });
    return json(200, Buffer.from(body));
  }

  return {
    http,
    log,
    setOptions(options) {
      given = options;
      gate = gateOf(options);
    },
    setFaults(plan) {
      pickFault = pickerOf(plan);
    },
  };
}

function gateOf({ rate }: RestOptions): RateGate | undefined {
  return rate === undefined ? undefined : createRateGate(rate);
}

/** Endpoints of the older generations say how many rows a page has. */
function isOld(type: RestType): boolean {
  return !REST_PATHS[type].startsWith('/stocks/');
}

/** Samples of the older IPO endpoint lead on to the newer one. */
function nextPath(type: RestType, path: string): string {
  return type === 'ipos' ? REST_PATHS.ipos_vx : path;
}

/** The vendor names its port even where it is the usual one. */
function withPort(host: string): string {
  return /:\d+$/.test(host) ? host : `${host}:80`;
}

function gzipped(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
}

function withoutKey(query: URLSearchParams): string {
  const shown = new URLSearchParams(query);
  shown.delete('apiKey');
  return shown.toString();
}

function hexOf(number: number): string {
  return number.toString(16).padStart(32, '0');
}

function json(status: number, body: Uint8Array): Reply {
  return { status, headers: { 'Content-Type': JSON_TYPE }, body };
}

function refuse(
  status: number,
  word: string,
  field: 'error' | 'message',
  text: string,
  requestId: string | number,
): Reply {
  return json(status, Buffer.from(JSON.stringify({ status: word, request_id: requestId, [field]: text })));
}

/** Of a path that the vendor does not have: no JSON. */
function notFoundPage(): Reply {
  return {
    status: 404,
    headers: { 'Content-Type': 'text/plain' },
    body: Buffer.from('404 page not found\n'),
  };
}

async function packed(reply: Reply, wanted: boolean): Promise<Reply> {
  if (!wanted || reply.body.length === 0) return reply;
  const body = await compress(reply.body, { level: 1 });
  return { ...reply, headers: { ...reply.headers, 'Content-Encoding': 'gzip' }, body };
}
