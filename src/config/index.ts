export type {
  DevelopmentCertificate,
  DevelopmentFiles,
  DevelopmentRequest,
} from "./development-certificate.js";
export { developmentCertificate, developmentNames } from "./development-certificate.js";
export type { EmbeddedDefaults } from "./embedded-defaults.js";
export { embeddedDefaults } from "./embedded-defaults.js";
export type { ConfigFiles, ConfigSource, FileSource, FileSourceEvents } from "./file-source.js";
export { openFileSource } from "./file-source.js";
export type { KeyPairHolderOptions } from "./key-pair-holder.js";
export { KeyPairHolder } from "./key-pair-holder.js";
export { loadSnapshot, SnapshotLoader } from "./load-snapshot.js";
export type { FileTexts } from "./read-together.js";
export { readTogether } from "./read-together.js";
export type { ReloadStage } from "./reload-error.js";
export { ReloadError, reloadStages } from "./reload-error.js";
export type { LiveSnapshot, ReloadFailure, SnapshotHolderOptions } from "./snapshot-holder.js";
export { SnapshotHolder } from "./snapshot-holder.js";
export type { SnapshotSettings } from "./snapshot-settings.js";
export type { SourceTexts } from "./source-texts.js";
export { sameTexts } from "./source-texts.js";
export { applyChange, changeOf, type TextsChange } from "./texts-change.js";
export type { FileWatch, WatchFilesOptions } from "./watch-files.js";
export { watchFiles } from "./watch-files.js";
