# syntax=docker/dockerfile:1
# Two images from one bundle, for amd64 and arm64 alike (there is nothing native in it):
#   docker buildx build --platform linux/amd64,linux/arm64 --target webhook .   the admission webhook
#   docker buildx build --platform linux/amd64,linux/arm64 --target init .      with the programs that lay rules into a pod
ARG NODE_IMAGE=node:24-bookworm-slim

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/embed-templates.mjs --check && node scripts/build-bundle.mjs --out /out/pillion.mjs

FROM ${NODE_IMAGE} AS base
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Pillion" \
      org.opencontainers.image.description="A Kubernetes mutating admission webhook that injects Istio's sidecar, and says why" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
COPY --from=build /out/ /opt/pillion/
WORKDIR /opt/pillion
# The flags of `npm start`: docs/webhook.md says what they give.
ENTRYPOINT ["node", "--max-semi-space-size=8", "--heap-growing-percent=30", "/opt/pillion/pillion.mjs"]

FROM base AS init
# An init container that programs a pod's network runs as root with NET_ADMIN; its pod says so, not the image.
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends iproute2 iptables nftables util-linux \
 && rm -rf /var/lib/apt/lists/*

FROM base AS webhook
# Nothing is written to the file system, but for the file of --quarantine-file. 1337 is the user of Istio's own containers.
USER 1337:1337
EXPOSE 15017 15014
CMD ["webhook"]
