/** The code that a visit was given. */
export interface GivenCode {
  /** A UUID in lower case. */
  readonly visit: string;
  /** Of `encodeVisitCode`. */
  readonly counter: number;
}

/** The visit that a visitor is in whose events do not say it. */
export interface RunningVisit {
  readonly visitor: string;
  readonly visit: string;
  /** Its last event. */
  readonly atMs: number;
}

/** What a process says to the others that take events: the next request of a visit comes to any of them, and each would name the visit and its code anew. */
export type VisitNews = GivenCode | RunningVisit;

export type TellVisits = (news: VisitNews) => void;
