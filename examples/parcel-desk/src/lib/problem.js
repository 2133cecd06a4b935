/** An error that the person at the counter may read. */
export class HttpProblem extends Error {
  constructor(status, message) {
    super(message);
    this.name = 'HttpProblem';
    this.status = status;
  }
}
