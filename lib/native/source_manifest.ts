// deno-fmt-ignore-file
/**
 * What the native library's sources must be. Made by tasks/native_manifest.ts.
 *
 * @module
 */

import type { SourceManifest } from "./sources.ts";

/** SHA-256 of each source file, by its path from the package's root. */
export const SOURCE_MANIFEST: SourceManifest = {
  "native/Cargo.lock": "036ba5379afd32217521f9b79800d8bc1a5797beb0703d2dfe94c2d55c10ddfa",
  "native/Cargo.toml": "3d5744901d32446b73f5d340b2a3a066b3ae1bc1e4922217e4af5ff4c368b500",
  "native/crates/hftlive/Cargo.toml": "c702df44daad91ea630f4147d48bf4f7c24a939b5c9937fcc7ac743ef76e22b5",
  "native/crates/hftlive/examples/poll_cost.rs": "1660776959e5ce06766356ed3b87f51a3b97c39de29534573c64733647097c8c",
  "native/crates/hftlive/src/abi.rs": "79edf6eac940d599c24692620a47b1afd9d58baac424d41ed14b25750328fb02",
  "native/crates/hftlive/src/bot.rs": "91e5760e2f2592a05608a602b342f135684e818136d77a24587bfccaa224ea06",
  "native/crates/hftlive/src/channel.rs": "a4dfe19931d128b3afe575354150ff4f51365c13e3553716980f44cf2bebad12",
  "native/crates/hftlive/src/cleanup.rs": "900fffad0a1b7aaf5008a3b509bb202a4f64b085706dbe0ba3fd7ca6db6d0bbc",
  "native/crates/hftlive/src/clock.rs": "7adaea3763058fc8e7af46ab5d06cf3770f9d244037d75998f8c271b04985212",
  "native/crates/hftlive/src/config.rs": "04cfad79f368ac392bd995cf7f0c9328918396c9f3cd8b8a7df186f5dcbbf2ad",
  "native/crates/hftlive/src/core.rs": "0d1a0a249cc597b0c075a3f20ba5f0ff03fa0b11ffd227e3cf42a78cd7e18f23",
  "native/crates/hftlive/src/depth.rs": "8ae3b55e7daf69f78890cd4a57ea072f73c4468b846a8617b9fde6584984d5e6",
  "native/crates/hftlive/src/error.rs": "0579770559bda1dc3b6ddfbabf46fd5de183180a706faea1ce5b43cdf1ee594d",
  "native/crates/hftlive/src/ffi/cleanup.rs": "e6c858c6f80385d8849acca2091c7812b2f104cbcc4ccdb1f97be7ed4378ea0d",
  "native/crates/hftlive/src/ffi/depth.rs": "6e9a6a1cc20e4c63577068bd04c05298a722ba7c8777f34f291fd1c8f46be67d",
  "native/crates/hftlive/src/ffi/hftlive.rs": "9d47c53379aa02bba1387a4f5bdbb935f6a126732386aa4cfc49c9dd3601eaa7",
  "native/crates/hftlive/src/ffi/live.rs": "e2a6c29e0c2534a70eacbf45fcd639b156fda1e247c4db46c54504661c3d2de2",
  "native/crates/hftlive/src/ffi/mod.rs": "1b966962ddb348b01463a6c90c1ec193dd8e58a0867f4ba22da8a5b338c72158",
  "native/crates/hftlive/src/ffi/orders.rs": "fff824d8b35918d25fc5f004b4c95e0d8499e6c752348bec8debbba92ad6e68e",
  "native/crates/hftlive/src/handle.rs": "131c0110ae694b6c7a3f48950b6b3df134be1785b2a184a0efc7f47f88a09ac8",
  "native/crates/hftlive/src/journal.rs": "af810c6e2e7d1ecb8c76bdedb7ab3d8db3ec08758e1f836e2ac16acfe713652f",
  "native/crates/hftlive/src/lib.rs": "75c8418fff818597100bc88f0cbe7351ab7fa7a6f55a9b683d448b24a6c2e09f",
  "native/crates/hftlive/src/link.rs": "df495b3faf833222966ad542d44269165b8f833ccbd465cd0f5dec63cafd48a3",
  "native/crates/hftlive/src/liveness.rs": "e9f5481660fd39aa836e30dd3f7f834e0da43880425d7b464e79c6ff6c4f8dfa",
  "native/crates/hftlive/src/log.rs": "ef99b8b0a5ee185be010f5e44194a245d0495ca784b7484f2a852a0245fe97a1",
  "native/crates/hftlive/src/normalise.rs": "ed0b5fca13cc607b605e0e7de9139576dd88797a84d654192ac91dd9bfa73e38",
  "native/crates/hftlive/src/order_check.rs": "019bd2f04ffc6a387fc1c52731ae38154bc2a2749bd0d13c14e6fa75882e6ea2",
  "native/crates/hftlive/src/overflow.rs": "db318d8b12ca732595ac97388c8ede4d71539a27c00802d135645bfcf593f66f",
  "native/crates/hftlive/src/ports.rs": "b37dfc72319c79172359c4d51e912e709c975ca439d78ba48367129744c518cf",
  "native/crates/hftlive/src/presence.rs": "186c60dfaa896764655bb335f3c929cc817e8419611dba2274a410da459110ed",
  "native/crates/hftlive/src/probe.rs": "2a7c7cf57b9e688851ac1c30e15f9292200880e602e5ae60095b9243c5edb577",
  "native/crates/hftlive/src/record.rs": "77ac5abce9adc0be7381225aa01178fcc68d94dc4ff4391816adaa78ea8218f3",
  "native/crates/hftlive/src/registration.rs": "7a29154f9a618883f198eb2ecf252d0496dc7d4c0c3b569dc055cbc156b070ae",
  "native/crates/hftlive/src/sink.rs": "e4c8352a7401fd3e713453a68e846d1636017989ef5361150708233b77802972",
  "native/crates/hftlive/src/wire.rs": "fea4ce0b5c0721080a82428a2b6847fa9b330270e69d2596243f9d601484a69c",
  "native/crates/hftlive/tests/native/answers.rs": "6d8e17d694b9c997489ec862aadf3c1231976c5a340d2f60711f12f348b19f4c",
  "native/crates/hftlive/tests/native/book.rs": "ce7eba7bdb437799c0ab2919f07fcc1753ad3cc8bc9b55f8f23c4966393c93d6",
  "native/crates/hftlive/tests/native/common.rs": "960b62a8d839e9ca26a702bdef8c956d94afbcabab62f80dcd122ca36d66a803",
  "native/crates/hftlive/tests/native/hostile.rs": "8e6631bf4350e616789bb758a8503d9c8bb16de788d8eab09a137302ae1e93dd",
  "native/crates/hftlive/tests/native/killed.rs": "624df3432087ced15f7218787d343a38065b7a0f02a28cc0f4b0098eabedc38f",
  "native/crates/hftlive/tests/native/lifecycle.rs": "8f23b25b3e973c95639d61b3412c691e99fc734f284c554b1fcbb276bb85193c",
  "native/crates/hftlive/tests/native/main.rs": "f1ba8931deae528140fb8a3196b740c2187df8af926a1adf7c3407f17d265646",
  "native/crates/hftlive/tests/native/malformed.rs": "901822fbfeb5ca7bd704dc2b730c75dc916720a4e343b251db86604bdb51c41a",
  "native/crates/hftlive/tests/native/orders.rs": "ae89eacdf320690905cc15cf369a95beec092896efa983449ef64dd91cd36b79",
  "native/crates/hftlive/tests/native/overflow.rs": "b4e929207d06f7dccc9f6d955e2241ac003ecb31713196d6863061cd6e93840e",
  "native/crates/hftlive/tests/native/polls.rs": "261be13821a3e4d4192bcb6e3ab90de041332d7cc9fe880042893c051e360c91",
};
