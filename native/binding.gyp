{
  "target_defaults": {
    "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
    "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_CPP_EXCEPTIONS", "NODE_ADDON_API_CPP_EXCEPTIONS_ALL", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
    "cflags!": ["-fno-exceptions", "-O2"],
    "cflags_cc!": ["-fno-exceptions", "-O2"],
    # The whole reason for this build: the loops use what this very processor has.
    "cflags_cc": ["-O3", "-march=native", "-std=c++17", "-fvisibility=hidden"],
    "xcode_settings": {
      "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
      "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
      "OTHER_CPLUSPLUSFLAGS": ["-O3", "-mcpu=native"]
    }
  },
  "targets": [
    {
      "target_name": "vectors",
      "sources": ["vectors.cc"],
      "include_dirs": [
        "<!(node -p \"require('node:path').join(require.resolve('hnswlib-node/package.json'), '..', 'src')\")"
      ]
    },
    {
      "target_name": "pixels",
      "sources": ["pixels.cc"]
    }
  ]
}
