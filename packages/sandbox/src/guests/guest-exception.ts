/** An exception that belongs to the guest: its message may be shown, since the guest wrote it. */
export class GuestException extends Error {}
