/**
 * How values are scaled for the network.
 * `standard`: each column to mean 0 and standard deviation 1 over the training rows.
 * `symmetric`: levels 0 … L−1 to [−1, 1]. `unit`: the same to [0, 1]. `none`: unchanged.
 */
export const scalings = ['standard', 'symmetric', 'unit', 'none'] as const;
/** A name of `scalings`. */
export type Scaling = (typeof scalings)[number];

/**
 * How the values of tables are scaled, and the Gaussian from which their model starts. `gaussian`: each
 * column to mean 0 and standard deviation 1; the model starts from the Gaussian with the correlations of the
 * rows. `margins`: each column to a normal one by a smooth map; the model starts from independent columns.
 * `copula`: such maps and the Gaussian. `auto`: the best of these and of shrunk correlations, by
 * cross-validation; and a mixture of up to eight Gaussians, if validation rows prefer it.
 */
export const tableScalings = ['auto', 'gaussian', 'margins', 'copula'] as const;
/** A name of `tableScalings`. */
export type TableScalingName = (typeof tableScalings)[number];

/** Whether a name is one of `tableScalings`. */
export const isTableScaling = (name: string): name is TableScalingName =>
  (tableScalings as readonly string[]).includes(name);
