/** What a refused or failed call looks like to screens. */

/** The parts of problem+json (RFC 9457) that screens use. */
export type Problem = {
  title?: string;
  status?: number;
  code?: string;
  detail?: string;
  fields?: Record<string, string> | { field: string; message: string }[];
  retry_after?: number;
  error_id?: string;
};

/** The server answered, and the answer was no: `code` is stable, `detail` is an English sentence. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfter: number | null;
  /** Under this number the operator finds a breakdown in the log. */
  readonly number: string | null;
  readonly fields: Record<string, string>;

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem.code ?? `http_${status}`;
    this.retryAfter = problem.retry_after ?? null;
    this.number = problem.error_id ?? null;
    this.fields = Array.isArray(problem.fields)
      ? Object.fromEntries(problem.fields.map((entry) => [entry.field, entry.message]))
      : (problem.fields ?? {});
  }
}

/** No answer came: the outcome is unknown, the same call may be made again. */
export class NetworkError extends Error {
  constructor() {
    super('The server could not be reached.');
    this.name = 'NetworkError';
  }
}

export const isApiError = (error: unknown, code?: string): error is ApiError =>
  error instanceof ApiError && (code === undefined || error.code === code);

/** True when the same call may succeed later without anybody changing anything. */
export const isTransient = (error: unknown): boolean =>
  error instanceof NetworkError || (error instanceof ApiError && [502, 503, 504].includes(error.status));
