package main

import (
	"math/rand"
	"net/netip"
	"strings"
)

// "address": a text; the address as Go prints it, or null; whether it has a zone; whether it is a loopback one.
// "prefix": a text; the error of ParsePrefix or null; the prefix as Go prints it, and the same with its host bits cleared.
// "contains": a prefix; an address; whether it lies in it.
func addresses() []row {
	random := rand.New(rand.NewSource(4))
	texts := []string{
		"", "1.2.3.4", "0.0.0.0", "255.255.255.255", "127.0.0.1", "127.255.0.1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1..2.3", ".1.2.3", "1.2.3.", "1.2.3.4 ",
		" 1.2.3.4", "1.2.3.x", "a", "1", "01.2.3.4", "1.2.3.00", "1.2.3.0x4", "1.2.3.4%eth0", "::", "::1", "1::", "::1%lo", "fe80::1%eth0", "fe80::1%", "%eth0", "1:2:3:4:5:6:7:8",
		"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3:4:5:6:7:8", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1::2::3", ":::", ":", ":1", "1:", "1:2:",
		"12345::", "1:2:3:4:5:6:7:g", "::g", "ABCD::EF01", "0:0:1::", "0:0:0:1:0:0:0:0", "1:0:0:2:0:0:0:3", "1:0:2:0:3:0:4:0", "0:0:0:0:0:0:0:0", "0001:002:03::4",
		"::ffff:1.2.3.4", "::1.2.3.4", "::1.2.3", "::1.2.3.4.5", "::1.2.3.4:5", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::ffff:256.1.1.1",
		"::ffff:01.2.3.4", "1.2.3.4::", "::1.2.3.4::", "64:ff9b::192.0.2.33", "::ffff:0:1.2.3.4", "::ffff:127.0.0.1", "fd00:244:1::10", "2001:db8::1", "1:2:3:4:5:6:7:8%z", "::%a/b",
		"é::", "::é", "1.2.3.é", "::\x80", "0x1.2.3.4", "1_0.2.3.4", "+1.2.3.4", "-1.2.3.4", "1.2.3.4/8", "[::1]", "::1]", "1:2:3:4:5:6:7:8 ", "::1 ", "00000::1",
	}
	pieces := []string{"0", "1", "ff", "1234", ":", ":", "::", ".", "255", "1.2.3.4", "a", "%e", "0:0"}
	for range 250 {
		var text strings.Builder
		for range 2 + random.Intn(10) {
			text.WriteString(pieces[random.Intn(len(pieces))])
		}
		texts = append(texts, text.String())
	}
	for range 60 {
		var bytes [16]byte
		for index := range bytes {
			if random.Intn(3) == 0 {
				bytes[index] = byte(random.Intn(256))
			}
		}
		texts = append(texts, netip.AddrFrom16(bytes).StringExpanded())
	}
	var rows []row
	for _, text := range texts {
		address, err := netip.ParseAddr(text)
		if err != nil {
			rows = append(rows, row{"address", str(text), nil, false, false})
			rows = append(rows, prefix(text+"/0"))
			continue
		}
		rows = append(rows, row{"address", str(text), address.String(), address.Zone() != "", address.IsLoopback()})
	}
	return append(append(rows, prefixes()...), contained()...)
}

func prefix(text string) row {
	parsed, err := netip.ParsePrefix(text)
	if err != nil {
		return row{"prefix", str(text), err.Error(), nil, nil}
	}
	return row{"prefix", str(text), nil, parsed.String(), parsed.Masked().String()}
}

func prefixes() []row {
	var rows []row
	for _, address := range []string{"", "10.96.0.1", "255.255.255.255", "::", "fd00::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:1.2.3.4", "fe80::1%eth0", "bad"} {
		for _, bits := range []string{"", "/", "/0", "/1", "/8", "/08", "/+8", "/-1", "/ 8", "/8 ", "/24", "/32", "/33", "/64", "/100", "/128", "/129", "/1e1", "/0x8", "/٣", "/9223372036854775807", "/9223372036854775808", "/99999999999999999999", "/255.0.0.0", "/8/8"} {
			rows = append(rows, prefix(address+bits))
		}
	}
	return rows
}

func contained() []row {
	var rows []row
	for _, text := range []string{"10.96.0.1/12", "0.0.0.0/0", "127.0.0.1/32", "169.254.0.0/16", "::/0", "fd00::/8", "::1/128", "::ffff:10.0.0.0/104"} {
		for _, address := range []string{"10.96.0.1", "10.111.255.255", "10.112.0.0", "127.0.0.1", "169.254.169.254", "::", "::1", "fd12::3", "fe80::1", "::ffff:10.1.2.3"} {
			contains := netip.MustParsePrefix(text).Masked().Contains(netip.MustParseAddr(address))
			rows = append(rows, row{"contains", text, address, contains})
		}
	}
	return rows
}
