/** What a process has used so far. */
export interface Usage {
  /** Processor time, user and system, in microseconds. */
  cpuMicros: number;
  /** Resident memory in bytes. */
  rssBytes: number;
  /** Of the JavaScript heap, in bytes. */
  heapBytes: number;
}
