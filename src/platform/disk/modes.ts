/** Rights of what is made: nobody but the owner writes, whatever the umask allows. */

export const FILE_MODE = 0o644;
export const FOLDER_MODE = 0o755;
