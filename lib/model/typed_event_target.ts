/**
 * An `EventTarget` that knows what it dispatches.
 *
 * @module
 */

/** A listener of one type of event: a function, or an object with `handleEvent`. */
export type TypedListener<E extends Event> =
  | ((event: E) => void)
  | { handleEvent(event: E): void };

/** An `EventTarget` whose listeners know the class of each event; `M` maps event types to classes. */
export class TypedEventTarget<M> extends EventTarget {
  /** Listens to one of its own events. */
  override addEventListener<K extends keyof M & string>(
    type: K,
    listener: TypedListener<M[K] & Event> | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Listens to any event. */
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  /** Stops listening to one of its own events. */
  override removeEventListener<K extends keyof M & string>(
    type: K,
    listener: TypedListener<M[K] & Event> | null,
    options?: boolean | EventListenerOptions,
  ): void;
  /** Stops listening to any event. */
  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void {
    super.removeEventListener(type, listener, options);
  }
}
