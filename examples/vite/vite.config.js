// Relative addresses, so that the folder works anywhere; modules in workers, since langevin loads parts of
// itself when they are needed.
export default { base: './', worker: { format: 'es' } };
