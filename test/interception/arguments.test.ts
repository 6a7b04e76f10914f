import { describe, expect, it } from "vitest";
import {
  defaultSettings,
  environmentName,
  flagTable,
  hostAddress,
  InterceptionError,
  nameServers,
  readArguments,
  validateSettings,
  withProxyIds,
} from "../../src/interception/index.js";

function codeOf(action: () => unknown): string {
  try {
    action();
    return "none";
  } catch (error) {
    return error instanceof InterceptionError ? error.code : "other";
  }
}

describe("the arguments of istio-iptables", () => {
  it("are all defaults where nothing is said", () => {
    const { settings, options, origins } = readArguments([], {});
    expect(settings).toEqual(defaultSettings);
    expect(options).toMatchObject({
      probePort: 15002,
      probeTimeout: 5000,
      dryRun: false,
      envoyUser: "istio-proxy",
    });
    expect(origins.size).toBe(0);
  });

  it("are read in every spelling Go's flags have", () => {
    const words = [
      "-p",
      "1",
      "-z2",
      "-u=3",
      "--proxy-gid=4",
      "--istio-service-cidr",
      "*",
      "-nb",
      "80",
      "-x",
      "",
    ];
    const { settings, options } = readArguments(words, {});
    expect(settings).toMatchObject({ outboundPort: "1", inboundPort: "2", proxyUids: "3", proxyGids: "4" });
    expect(settings).toMatchObject({ outboundRanges: "*", inboundPorts: "80", outboundRangesExclude: "" });
    expect(options.dryRun).toBe(true);
  });

  it("takes exactly what the injector writes, log flags included", () => {
    const line =
      "-p 15001 -z 15006 -u 1337 -m REDIRECT -i * -x  -b * -d 15090,15021,15020 --log_output_level=default:info --log_as_json --run-validation --skip-rule-apply --native-nftables";
    const { settings, options } = readArguments(line.split(" "), {});
    expect(settings).toMatchObject({ inboundPortsExclude: "15090,15021,15020", outboundRanges: "*" });
    expect(options).toMatchObject({ runValidation: true, skipRuleApply: true, nativeNftables: true });
  });

  it("read the environment first, and let a flag override it", () => {
    const env = {
      PROXY_UID: "7",
      ISTIO_INBOUND_PORTS: "80",
      ENVOY_PORT: "9",
      ISTIO_META_DNS_CAPTURE: "true",
    };
    const { settings, origins } = readArguments(["-b", "90"], env);
    expect(settings).toMatchObject({
      proxyUids: "7",
      inboundPorts: "90",
      outboundPort: "15001",
      redirectDns: true,
    });
    expect(origins.get("proxyUids")).toBe("environment variable PROXY_UID");
    expect(origins.get("inboundPorts")).toBe("flag --istio-inbound-ports");
  });

  it("pass over a variable that cannot be read, and refuse such a flag", () => {
    expect(readArguments([], { DROP_INVALID: "maybe", IPTABLES_PROBE_PORT: "70000" }).options.probePort).toBe(
      15002,
    );
    expect(codeOf(() => readArguments(["--drop-invalid=maybe"], {}))).toBe("usage");
    expect(codeOf(() => readArguments(["--iptables-probe-port", "65536"], {}))).toBe("usage");
    expect(codeOf(() => readArguments(["--probe-timeout", "5"], {}))).toBe("usage");
  });

  it.each([["--no-such-flag"], ["-y"], ["--proxy-uid"], ["-u"], ["stray"], ["--", "stray"]])(
    "refuse %s %s",
    (...words) => {
      expect(
        codeOf(() =>
          readArguments(
            words.filter((word) => word !== undefined),
            {},
          ),
        ),
      ).toBe("usage");
    },
  );

  it("let the alias of a variable override the variable", () => {
    const { settings } = readArguments([], { DUAL_STACK: "true", ISTIO_DUAL_STACK: "false" });
    expect(settings.dualStack).toBe(false);
  });

  it("tell an empty variable from an absent one", () => {
    expect(readArguments([], { ISTIO_OUTBOUND_OWNER_GROUPS: "" }).settings.ownerGroups).toBe("");
    expect(readArguments([], {}).settings.ownerGroups).toBe("*");
  });

  it("have a variable for every flag but one, and no name or shorthand twice", () => {
    expect(flagTable.filter((flag) => !flag.environment).map((flag) => flag.name)).toEqual(["envoy-port"]);
    expect(environmentName("istio-service-cidr")).toBe("ISTIO_SERVICE_CIDR");
    const names = flagTable.flatMap((flag) => [flag.name, ...(flag.short === undefined ? [] : [flag.short])]);
    expect(new Set(names).size).toBe(names.length);
  });

  it("do not take inherited names of objects for variables", () => {
    expect(readArguments([], Object.create({ PROXY_UID: "7" })).settings.proxyUids).toBe("");
  });

  it.each([
    [{ ISTIO_SERVICE_CIDR: "*,10.0.0.0/8" }],
    [{ ISTIO_SERVICE_EXCLUDE_CIDR: "*" }],
    [{ ISTIO_SERVICE_CIDR: "10.0.0.0/8, 11.0.0.0/8" }],
    [{ ISTIO_SERVICE_CIDR: "10.0.0.1" }],
    [{ ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR: "127.0.0.1/7" }],
    [{ ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR: "::1/128" }],
    [{ FORCE_IPTABLES_BINARY: "iptables" }],
  ])("are refused as Istio does with %j", (env) => {
    const { settings, options } = readArguments([], env);
    expect(codeOf(() => validateSettings(settings, options))).toBe("setting-invalid");
  });

  it("are not checked for groups, binary and loopback in CNI mode", () => {
    const { settings, options } = readArguments(["--cni-mode"], {
      ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR: "10.0.0.0/8",
    });
    expect(codeOf(() => validateSettings(settings, options))).toBe("none");
  });
});

describe("what the host adds", () => {
  it("is the proxy's uid, and as gid the uid", () => {
    expect(withProxyIds(defaultSettings, "1000")).toMatchObject({ proxyUids: "1000", proxyGids: "1000" });
    expect(withProxyIds(defaultSettings, undefined)).toMatchObject({ proxyUids: "1337", proxyGids: "1337" });
    expect(withProxyIds({ ...defaultSettings, proxyUids: "1", proxyGids: "2" }, "3").proxyGids).toBe("2");
  });

  it("is IPv6 by the first usable address, and an error without any", () => {
    expect(hostAddress(["127.0.0.1", "169.254.1.1", "fe80::1", "fd00::1"], false)).toEqual({
      ipv6: true,
      address: "fd00::1",
    });
    expect(codeOf(() => hostAddress(["127.0.0.1", "::1", "fe80::1"], true))).toBe("host-unknown");
  });

  it("is the name servers of resolv.conf by family, IPv6 in canonical form", () => {
    const text =
      "# comment\nsearch ns\nnameserver 10.96.0.10\nnameserver FD00:0::A\n  nameserver\tbad\nnameserver ::127.0.0.53\n";
    expect(nameServers(text)).toEqual({
      dnsServersV4: ["10.96.0.10"],
      dnsServersV6: ["fd00::a", "::7f00:35"],
    });
  });
});
