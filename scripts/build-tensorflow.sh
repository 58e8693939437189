#!/usr/bin/env bash
# Builds @tensorflow/tfjs-node against the TensorFlow of a Python wheel, without Google's download host (see docs/engines.md).
#
#   scripts/build-tensorflow.sh FOLDER [WHEEL]     then: export LANGEVIN_TFJS_NODE=FOLDER
#
# Needs Linux x64, g++, unzip or python3, and pip where no WHEEL (tensorflow_cpu-2.21.0-*.whl) is given.
set -euo pipefail
folder=${1:?usage: build-tensorflow.sh FOLDER [WHEEL]}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
wheel=${2:-}
if [ -z "$wheel" ]; then
  python3 -m pip download --no-deps --dest "$folder/wheel" tensorflow_cpu==2.21.0
  wheel=$(echo "$folder"/wheel/tensorflow_cpu-*.whl)
fi

cd "$folder"
[ -f package.json ] || echo '{ "private": true }' > package.json
npm install @tensorflow/tfjs-node@4.22.0 --ignore-scripts --no-audit --no-fund
package=$folder/node_modules/@tensorflow/tfjs-node

# Headers of the C interface and the two libraries; the rest of the wheel is Python.
python3 - "$wheel" "$package/deps" <<'PYTHON'
import shutil, sys, zipfile
from pathlib import Path
wheel, deps = zipfile.ZipFile(sys.argv[1]), Path(sys.argv[2])
headers = tuple('tensorflow/include/' + part for part in (
    'tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tensorflow/tsl/platform/', 'tsl/platform/', 'xla/tsl/'))
libraries = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')
for name in wheel.namelist():
    if name.endswith('/'): continue
    if name.startswith(headers): target = deps / 'include' / name.removeprefix('tensorflow/include/')
    elif name in libraries: target = deps / 'lib' / Path(name).name
    else: continue
    target.parent.mkdir(parents=True, exist_ok=True)
    with wheel.open(name) as source, open(target, 'wb') as out: shutil.copyfileobj(source, out)
PYTHON

node_headers=$(dirname "$(dirname "$(node -p process.execPath)")")/include/node
[ -f "$node_headers/node_api.h" ] || { echo "no node_api.h in $node_headers: install Node's headers" >&2; exit 1; }
mkdir -p "$package/lib/napi-v8"
g++ -std=c++17 -O2 -shared -fPIC -DNAPI_VERSION=8 -I"$node_headers" -I"$package" -I"$package/deps/include" \
  "$package/binding/tfjs_backend.cc" "$package/binding/tfjs_binding.cc" -L"$package/deps/lib" \
  -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 -Wl,-rpath,'$ORIGIN/../../deps/lib' \
  -o "$package/lib/napi-v8/tfjs_binding.node"
TF_CPP_MIN_LOG_LEVEL=2 node -e "const tf = require('$package'); console.log('tensorflow', tf.node.getContext?.() ?? '', tf.version_core, tf.getBackend(), tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0])"
echo "Built. Now: export LANGEVIN_TFJS_NODE=$folder"
