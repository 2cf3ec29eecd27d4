/** Resources that a process has used so far. */
export interface Usage {
  /** CPU time, user and system, in microseconds. */
  cpuMicros: number;
  /** Resident memory in bytes. */
  rssBytes: number;
  /** Used JavaScript heap in bytes. */
  heapBytes: number;
}
