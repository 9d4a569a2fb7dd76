import type { Shop } from './shop.ts';

type Turn = 'settle' | 'rebuild';

interface Waiting {
  readonly turn: Turn;
  readonly go: () => void;
  readonly fail: (reason: unknown) => void;
}

/** Runs the stages of a shop once for all who wait for it: when everybody who is not yet gone waits. */
export class Rounds {
  readonly #shop: Shop;
  #present: number;
  #waiting: Waiting[] = [];

  constructor(shop: Shop, present: number) {
    this.#shop = shop;
    this.#present = present;
  }

  /** Resolves after the turn. A rebuild takes place only when nobody waits for the stages: it would do their work in another way. */
  wait(turn: Turn): Promise<void> {
    return new Promise((go, fail) => {
      this.#waiting.push({ turn, go, fail });
      void this.#goWhenAllWait();
    });
  }

  leave(): void {
    this.#present -= 1;
    void this.#goWhenAllWait();
  }

  async #goWhenAllWait(): Promise<void> {
    if (this.#waiting.length < this.#present || this.#waiting.length === 0) return;
    const turn = this.#waiting.some((one) => one.turn === 'settle') ? 'settle' : 'rebuild';
    const served = this.#waiting.filter((one) => one.turn === turn);
    this.#waiting = this.#waiting.filter((one) => one.turn !== turn);
    try {
      await this.#shop[turn]();
      for (const { go } of served) go();
    } catch (error) {
      for (const { fail } of served) fail(error);
    }
  }
}
