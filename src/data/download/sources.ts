/** A file of a data set as its authors publish it. */
export interface SourceFile {
  readonly name: string;
  /** The publisher's checksum. Here it only has to detect damage. */
  readonly md5: string;
  /** Whether it is a `.tar.gz` whose `.bin` files are needed. */
  readonly unpack?: boolean;
}

export interface Source {
  /** The folder of the files; a mirror has them under the same names. */
  readonly base: string;
  readonly files: readonly SourceFile[];
  /** What to train on and what to test on, after all files are in one folder. */
  readonly train: string;
  readonly test: string;
}

const idx = (trainImages: string, trainLabels: string, testImages: string, testLabels: string) => ({
  files: [
    { name: 'train-images-idx3-ubyte.gz', md5: trainImages },
    { name: 'train-labels-idx1-ubyte.gz', md5: trainLabels },
    { name: 't10k-images-idx3-ubyte.gz', md5: testImages },
    { name: 't10k-labels-idx1-ubyte.gz', md5: testLabels },
  ],
  train: 'train-images-idx3-ubyte.gz',
  test: 't10k-images-idx3-ubyte.gz',
});

/** Data sets that can be fetched by name. */
export const sources = {
  mnist: {
    base: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
    ...idx(
      'f68b3c2dcbeaaa9fbdd348bbdeb94873',
      'd53e105ee54ea40749a09fcbcd1e9432',
      '9fb629c4189551a2d022fa330f9573f3',
      'ec29112dd5afa0611ce80d1b7f02629c',
    ),
  },
  'fashion-mnist': {
    base: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    ...idx(
      '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
      '25c81989df183df01b3e8a0aad5dffbe',
      'bef4ecab320f06d8554ea6380940ec79',
      'bb300cfdad3c16e7a12a480ee83cd310',
    ),
  },
  'cifar-10': {
    base: 'https://www.cs.toronto.edu/~kriz/',
    files: [{ name: 'cifar-10-binary.tar.gz', md5: 'c32a1d4ab5d03f1284b67883e8d87530', unpack: true }],
    train: '.',
    test: 'test_batch.bin',
  },
} as const satisfies Record<string, Source>;

export type SourceName = keyof typeof sources;
