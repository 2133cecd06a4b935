/** Version of the cost model and of the rewriting. Any change of the metered bytes or of a cost raises it. */
export const meterVersion = 2;
