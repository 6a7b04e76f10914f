import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * A folder that changes as the kubelet's mounts of ConfigMaps and Secrets do: the files are links through `..data`, and
 * one rename of that link swaps all of them.
 */
export class MountedFolder {
  readonly #folder: string;
  #version = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The path of a file in it. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  /** Swaps all files for these. */
  async swap(files: Readonly<Record<string, string>>): Promise<void> {
    const old = `..version_${this.#version}`;
    const now = `..version_${++this.#version}`;
    await mkdir(join(this.#folder, now), { recursive: true });
    await Promise.all(
      Object.entries(files).map(([name, text]) => writeFile(join(this.#folder, now, name), text)),
    );
    await symlink(now, join(this.#folder, "..data_new"));
    await rename(join(this.#folder, "..data_new"), join(this.#folder, "..data"));
    if (this.#version === 1) {
      for (const name of Object.keys(files)) await symlink(`..data/${name}`, join(this.#folder, name));
    }
    await rm(join(this.#folder, old), { recursive: true, force: true });
  }
}
