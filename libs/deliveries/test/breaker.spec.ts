import { describe, expect, it } from 'vitest';
import { Breaker } from '../src/engine/breaker.js';
import { SendRate } from '../src/engine/send-rate.js';

describe('Breaker', () => {
  const options = { threshold: 3, firstPauseMs: 1_000, longestPauseMs: 3_000 };

  it('opens after so many different deliveries in a row, and one success starts the count anew', () => {
    const breaker = new Breaker(options);
    for (let i = 0; i < 10; i++) expect(breaker.failed('same')).toBe(true);
    expect(breaker.state).toBe('closed');
    breaker.failed('b');
    breaker.succeeded();
    breaker.failed('c');
    breaker.failed('d');
    expect(breaker.state).toBe('closed');
    breaker.failed('e');
    expect(breaker.state).toBe('open');
  });

  it('probes after a pause that doubles to a bound, spends nothing meanwhile, and closes on success', () => {
    let now = 0;
    const breaker = new Breaker(
      options,
      () => now,
      () => 0,
    );
    for (const id of ['a', 'b', 'c']) breaker.failed(id);
    expect(breaker.failed('in flight')).toBe(false);
    for (const pause of [1_000, 2_000, 3_000, 3_000]) {
      expect(breaker.pauseMs).toBe(pause);
      now += pause - 1;
      expect(breaker.state).toBe('open');
      now += 1;
      expect(breaker.state).toBe('half_open');
      expect(breaker.failed('probe')).toBe(false);
    }
    breaker.probeNow();
    expect(breaker.state).toBe('half_open');
    expect(breaker.succeeded()).toBe(true);
    expect(breaker.state).toBe('closed');
    expect(breaker.succeeded()).toBe(false);
  });
});

describe('SendRate', () => {
  it('holds a limit, with little to save up', () => {
    let now = 0;
    const rate = new SendRate(50, () => now);
    now = 60_000;
    let sent = 0;
    while (rate.take() === 0) sent += 1;
    expect(sent).toBe(5);
    expect(rate.take()).toBe(20);
    now += 20;
    expect(rate.take()).toBe(0);
  });

  it('ramps up after an outage and then is free again', () => {
    let now = 0;
    const rate = new SendRate(null, () => now);
    expect(rate.take()).toBe(0);
    rate.startRamp();
    const perSecond: number[] = [];
    for (let second = 0; second < 5; second++) {
      let sent = 0;
      for (let step = 0; step < 1_000; step++, now++) if (rate.take() === 0) sent += 1;
      perSecond.push(sent);
    }
    expect(perSecond[0]).toBeLessThan(25);
    for (let second = 1; second < 5; second++)
      expect(perSecond[second]! / perSecond[second - 1]!).toBeCloseTo(2, 0);
    now += 10_000;
    for (let i = 0; i < 1_000; i++) expect(rate.take()).toBe(0);
  });
});
