package main

import (
	"fmt"
	"math"
	"math/rand"
	"strings"
	"time"
)

func init() { time.Local = time.UTC }

// "duration": a text; what ParseDuration gives, or null; its error. "text": nanoseconds; Duration.String.
// "format": a layout; seconds and nanoseconds since 1970; a zone; Time.Format. "parse": a layout; a text; seconds,
// nanoseconds, offset and name of the zone, or null; the error of Parse.
func times() []row {
	return append(append(durations(), formats()...), parses()...)
}

func durations() []row {
	random := rand.New(rand.NewSource(5))
	texts := []string{
		"", "0", "-0", "+0", "00", "0s", "1", "1.", ".", "-", "+", "s", ".s", "-.s", "+-1s", "1s", "-1s", "+1s", "1 s", " 1s", "1s ", "1s2", "1s2m", "1h30m", "90s", "1.5h", ".5ms",
		"5.us", "1µs", "1μs", "1us", "999ns", "1d", "1w", "1S", "1m1m", "1h1h1h", "100h0.1s", "0.000000001h", "9223372036854775807ns", "-9223372036854775808ns",
		"9223372036854775808ns", "9223372036854775.807us", "2562047h47m16.854775807s", "-2562047h47m16.854775808s", "2562047h47m16.854775808s", "2562048h", "-2562048h", "99999999999999999999s",
		"0000000000000000000000000000000001s", "0.1234567890123456789s", "0.33333333333333333333h", "0.9223372036854775807h", "0.92233720368547758080000001h", "1.00000000000000000001ns", "0.5ns", "0.999999999999999999ns",
		"1µ\x01", "1\"s", "1\\", "é", "1é", "1s\x80", "１s", "3.5.5s", "3..5s", "1e3s", "0x1s", "1_0s", "1,5s", "infs", "4h.m", "1h-1m", "00:10", "876000h", "-876000h", "106751.991167d", "1ms1us1ns",
	}
	pieces := []string{"0", "1", "9", "30", ".", "-", "+", "ns", "us", "µs", "ms", "s", "m", "h", "d", "1.5h", "45s", "999999999999", "é"}
	for range 250 {
		var text strings.Builder
		for range 1 + random.Intn(5) {
			text.WriteString(pieces[random.Intn(len(pieces))])
		}
		texts = append(texts, text.String())
	}
	var rows []row
	for _, text := range texts {
		duration, err := time.ParseDuration(text)
		if err != nil {
			rows = append(rows, row{"duration", str(text), nil, err.Error()})
		} else {
			rows = append(rows, row{"duration", str(text), fmt.Sprint(int64(duration)), nil})
		}
	}
	spans := []int64{0, 1, -1, 999, 1000, 1001, 1500, 999999, 1e6, 1e6 + 1, 999999999, 1e9, 1e9 + 1, 59999999999, 6e10, 6e10 + 1, 3599999999999, 36e11, 36e11 + 1, math.MaxInt64, math.MinInt64, math.MinInt64 + 1}
	for range 80 {
		spans = append(spans, (random.Int63()-random.Int63())>>random.Intn(62))
	}
	for _, span := range spans {
		rows = append(rows, row{"text", fmt.Sprint(span), time.Duration(span).String()})
	}
	return rows
}

var layouts = []string{
	time.Layout, time.ANSIC, time.UnixDate, time.RubyDate, time.RFC822, time.RFC822Z, time.RFC850, time.RFC1123, time.RFC1123Z, time.RFC3339, time.RFC3339Nano,
	time.Kitchen, time.StampMicro, time.DateTime, "2006-002", "__2 2006", "06/1/2", "_2006", "Janet 2 Monday", "Monkey", "Januarys", "3:4:5pm", "15h04", "05.000", "05,000", "05.999", "05.0", "05.", ".00",
	"Z07", "Z0700", "Z07:00:00", "-07", "-0700 MST", "-07:00:00", "Z070000", "-070000", "MST", "2006é01", "", "plain", "20060102150405", "2006-01-02T15:04:05.000000000Z07:00", "1/2/2006", "02 Jan 06", "_2 __2 002 02 2", "15 03 3 PM pm", "4 04 5 05",
}

// Zones by a name that both sides know, on days whose rules are settled.
var zones = []string{"UTC", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Europe/Paris", "Pacific/Apia", "America/St_Johns", "Africa/Monrovia"}

func formats() []row {
	moments := [][2]int64{
		{0, 0}, {-1, 999999999}, {1, 1}, {951782400, 0}, {1136239445, 123456789}, {1136239445, 120000000}, {1700000000, 500}, {1720000000, 0}, {-62135596800, 0}, {253402300799, 999000000},
		{-2208988800, 0}, {1000000000, 100}, {4102444800, 7}, {-30610224000, 0},
	}
	random := rand.New(rand.NewSource(6))
	var rows []row
	for _, layout := range layouts {
		for _, moment := range moments {
			name := "UTC"
			if moment[0] > 0 && random.Intn(2) == 0 {
				name = zones[random.Intn(len(zones))]
			}
			zone, err := time.LoadLocation(name)
			if err != nil {
				fail(err)
			}
			if random.Intn(3) > 0 {
				rows = append(rows, row{"format", layout, moment[0], moment[1], name, time.Unix(moment[0], moment[1]).In(zone).Format(layout)})
			}
		}
	}
	return rows
}

func parses() []row {
	var rows []row
	add := func(layout, text string) {
		moment, err := time.Parse(layout, text)
		if err != nil {
			rows = append(rows, row{"parse", str(layout), str(text), nil, err.Error()})
			return
		}
		name, offset := moment.Zone()
		rows = append(rows, row{"parse", str(layout), str(text), []any{moment.Unix(), moment.Nanosecond(), offset, name}, nil})
	}
	for _, text := range []string{
		"2006-01-02T15:04:05Z", "2006-01-02T15:04:05+07:00", "2006-01-02T15:04:05-07:00", "2006-01-02T15:04:05.123Z", "2006-01-02T15:04:05,5Z", "2006-01-02T15:04:05.1234567891Z", "2006-01-02T1:04:05Z",
		"2006-1-2T15:04:05Z", "2006-01-02t15:04:05Z", "2006-01-02 15:04:05Z", "2006-01-02T15:04:05", "2006-01-02T15:04:05z", "2006-01-02T15:04:05ZZ", "2006-01-02T24:00:00Z", "2006-01-02T23:60:00Z", "2006-01-02T23:59:60Z",
		"2006-00-02T15:04:05Z", "2006-13-02T15:04:05Z", "2006-01-00T15:04:05Z", "2006-01-32T15:04:05Z", "2006-02-29T00:00:00Z", "2004-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "0000-01-01T00:00:00Z",
		"9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z", "2006-01-02T15:04:05+24:00", "2006-01-02T15:04:05+24:01", "2006-01-02T15:04:05+25:00", "2006-01-02T15:04:05+23:60", "2006-01-02T15:04:05+23:61",
		"2006-01-02T15:04:05+0700", "2006-01-02T15:04:05+00:00", "2006-01-02T15:04:05-00:00", "2006-01-02T15:04:05.Z", "2006-01-02T15:04:5Z", "", "x", "é006-01-02T15:04:05Z", "2006-01-02T15:04:05é", "\x80", "２００６-01-02T15:04:05Z", "2006-06-31T00:00:00Z",
	} {
		add(time.RFC3339, text)
		add("2006-01-02T15:04:05Z07:00 ", text)
	}
	random := rand.New(rand.NewSource(7))
	for _, layout := range layouts {
		for range 6 {
			text := time.Unix(random.Int63n(4e9), random.Int63n(1e9)).UTC().Format(layout)
			add(layout, text)
			add(layout, text+"x")
			if len(text) > 1 {
				at := random.Intn(len(text))
				add(layout, text[:at])
				add(layout, text[:at]+string("0 9aZ+-:."[random.Intn(9)])+text[at+1:])
			}
		}
	}
	for _, pair := range [][2]string{
		{"MST", "GMT"}, {"MST", "GMT+3"}, {"MST", "GMT-12"}, {"MST", "GMT+24"}, {"MST", "CEST"}, {"MST", "ChST"}, {"MST", "MeST"}, {"MST", "WITA"}, {"MST", "ABCDT"}, {"MST", "ABCDE"}, {"MST", "AB"}, {"MST", "UTC"}, {"MST", "UTCX"}, {"MST", "+03"}, {"MST", "+3"}, {"MST", "-23"}, {"MST", "-24"}, {"MST", "pst"},
		{"Jan", "jAN"}, {"January", "MAY"}, {"Jan _2", "Feb  3"}, {"Jan _2", "Feb 03"}, {"Mon Jan 2", "tue feb 1"}, {"Monday", "Tue"}, {"06", "68"}, {"06", "69"}, {"06", "6"}, {"2006", "20x6"}, {"2006", "206"}, {"2006 002", "2004 366"}, {"2006 002", "2005 366"}, {"2006 002", "2005 000"}, {"2006 01 002", "2005 02 032"},
		{"2006 01 002", "2005 02 031"}, {"2006 01 02 002", "2005 02 02 033"}, {"2006 01 02 002", "2005 02 01 033"}, {"2006 __2", "2005   7"}, {"2006 __2", "2005 07"}, {"3PM", "12AM"}, {"3PM", "12PM"}, {"3PM", "13PM"}, {"3PM", "0AM"}, {"3pm", "3PM"}, {"3pm", "3pm"}, {"03PM", "3PM"},
		{"05.000", "05.123"}, {"05.0", "05.+"}, {".00", ".+7"}, {".00", ".-7"}, {".00", ".-0"}, {".0000000000", ".123456789x"}, {".0000000000", ".123456789"}, {"05.000", "05.12"}, {"05.000", "05.1234"}, {"05.999", "05"}, {"05.999", "05.12345"}, {"05,000", "05.123"}, {"05", "05.5"}, {"05", "05.x"}, {"5", "7.25"}, {"4", "7"}, {"04", "7"}, {"  2", "2"}, {"2  x", "2 x"}, {"2 x", "2    x"}, {"2 ", "2"}, {"a b", "ab"}, {"é2", "é3"}, {"é2", "e3"},
		{"Z07", "Z"}, {"Z07", "+03"}, {"Z07", "+3"}, {"-07", "Z"}, {"-0700", "+0530"}, {"-0700", "+05:30"}, {"-070000", "+053015"}, {"-07:00:00", "-05:30:15"}, {"-07:00:00", "-05:30:61"}, {"Z070000", "Z"}, {"-0700 MST", "+0000 UTC"}, {"-0700 MST", "+0100 CET"}, {"-0700 MST", "+0000 GMT"},
	} {
		add(pair[0], pair[1])
	}
	return rows
}
