// What is said while the sandbox does not answer, and once it will not answer any more.

const AGAIN = 1500; // ms until it is asked once more
const ENDED = 10_000; // ms without an answer after which nobody waits for one
const TRYING = "The sandbox does not answer; trying again.";
const GONE = "The sandbox has ended. Start it again with make demo; it will have another address.";

export class Silence {
  constructor(notice) {
    this.notice = notice;
    this.since = null;
  }

  // Says what is to be said of it, and resolves when it is time to ask again.
  goesOn() {
    this.since ??= Date.now();
    this.notice(Date.now() - this.since < ENDED ? TRYING : GONE);
    return new Promise((done) => setTimeout(done, AGAIN));
  }

  ends() {
    if (this.since !== null) this.notice("");
    this.since = null;
  }
}
