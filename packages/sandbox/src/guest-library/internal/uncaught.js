let handler = (error) => {
  throw error;
};

/** Decides what happens to errors that nobody catches. */
export function onUncaught(next) {
  handler = next;
}

/** Hands an error over that nobody has caught. */
export function reportUncaught(error) {
  handler(error);
}
