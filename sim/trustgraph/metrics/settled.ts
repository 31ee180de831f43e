/**
 * To twelve digits. Sums and products of the same numbers in another order differ in their last bits, and
 * the mean of ratings that are all 0.6 may be a last bit less than 0.6: settled, they are equal, and reach
 * the threshold 0.6.
 */
export const settled = (value: number): number => Math.round(value * 1e12) / 1e12;
