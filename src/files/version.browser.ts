/** The version of this package. */
export const packageVersion = (): string => '0.1.0';
