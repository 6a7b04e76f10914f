package main

import (
	"errors"
	"fmt"
	"math"
	"math/rand"
	"strconv"
	"strings"
)

// Texts that are numbers, nearly numbers and none.
var numerals = []string{
	"", "0", "-0", "+0", "00", "007", "1", "-1", "+1", "9", "10", "12a", "a", " 1", "1 ", "-", "+", "--1", "1-", "_", "1_", "_1", "1_0", "1__0", "1_000_000",
	"-1_0", "0_7", "0__7", "07", "08", "0x", "0x1", "0X1F", "0xg", "0x_1", "0x1_f", "0x_", "0x1_", "0b", "0b1", "0B101", "0b2", "0b_1", "0o", "0o7",
	"0O17", "0o8", "0_x1", "-0x10", "+0x10", "0x-1", "0b-1", "127", "128", "255", "256", "32767", "65535", "65536", "65536x", "2147483647", "4294967295",
	"4294967296", "9007199254740993", "999999999999999", "1000000000000000", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
	"-9223372036854775809", "18446744073709551615", "18446744073709551616", "18446744073709551616x", "99999999999999999999", "0x7fffffffffffffff",
	"0x8000000000000000", "-0x8000000000000000", "0xffffffffffffffff", "0x10000000000000000", "0777777777777777777777", "01777777777777777777777",
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000001", "1.5", "1e3", "0x1p4", "１", "٣", "1\x80", "Inf", "nan",
	"1_6x", "99999999999999999999_", "99999999999999999999__9", "0x_ffffffffffffffffff", "1,000", "1'000", "0b11111111111111111111111111111111111111111111111111111111111111111",
}

func fault(err error) any {
	var number *strconv.NumError
	if errors.As(err, &number) {
		return number.Err.Error()
	}
	return nil
}

// "int": a text; a base; what ParseInt gives in 64 bits; its fault. "uint": the same with the number of bits, ParseUint.
// "words": the error of ParseUint to base 10 in full. "bool": a text and what ParseBool makes of it.
func integers() []row {
	var rows []row
	for _, text := range numerals {
		for _, base := range []int{0, 8, 10} {
			value, err := strconv.ParseInt(text, base, 64)
			rows = append(rows, row{"int", str(text), base, fmt.Sprint(value), fault(err)})
		}
		for _, bits := range []int{8, 16, 32, 64} {
			for _, base := range []int{0, 10} {
				value, err := strconv.ParseUint(text, base, bits)
				rows = append(rows, row{"uint", str(text), base, bits, fmt.Sprint(value), fault(err)})
			}
		}
		if _, err := strconv.ParseUint(text, 10, 16); err != nil {
			rows = append(rows, row{"words", str(text), err.Error()})
		}
	}
	for _, text := range append([]string{"t", "T", "true", "TRUE", "True", "tRUE", "f", "F", "false", "FALSE", "False", "fALSE", "yes", "no", "on", " true", "true ", "toString"}, numerals...) {
		value, err := strconv.ParseBool(text)
		answer := any(value)
		if err != nil {
			answer = nil
		}
		rows = append(rows, row{"bool", str(text), answer})
	}
	return rows
}

// A float by its bits, since JSON has no infinity and no -0.
func bits64(value float64) string { return fmt.Sprintf("%016x", math.Float64bits(value)) }

// "format": the bits of a number; a verb; a precision; the size; FormatFloat. "parse": a text; the bits of what ParseFloat
// gives, or null where it returns an error.
func floats() []row {
	random := rand.New(rand.NewSource(3))
	values := []float64{
		0, math.Copysign(0, -1), 1, -1, 0.1, 0.5, 1.5, 2.5, 0.25, 1.0 / 3, 2.0 / 3, 10, 99.5, 100, 999999, 1e6, 999999.5, 1e5, 123456789, 1e20, 1e21, 1e22, 1e23,
		1e-4, 0.00012345, 1e-5, 9.999e-5, 1e-6, 1e-7, 1e-10, 1e100, 1e-100, math.MaxFloat64, math.SmallestNonzeroFloat64, 2.2250738585072014e-308,
		2.225073858507201e-308, math.MaxFloat32, math.SmallestNonzeroFloat32, 1.1754943508222875e-38, math.Inf(1), math.Inf(-1), math.NaN(), math.Pi, -math.E,
		16777217, 4294967296, 9007199254740993, 9223372036854775807, 18446744073709551615, 0.3, 0.1 + 0.2, 5e-324, 1.005, 1.45, 8.5, 9.5, 0.95, 123.456, 20230919,
	}
	for range 25 {
		values = append(values, math.Float64frombits(random.Uint64()), random.NormFloat64()*math.Pow(10, float64(random.Intn(20)-8)))
	}
	var rows []row
	for _, value := range values {
		for _, verb := range "eEfgGbxX" {
			for _, precision := range []int{-1, 0, 1, 2, 5, 6, 17, 25} {
				for _, size := range []int{64, 32} {
					// All of a number's shortest texts, and of the others a part.
					if precision >= 0 && random.Intn(14) > 0 {
						continue
					}
					text := strconv.FormatFloat(value, byte(verb), precision, size)
					rows = append(rows, row{"format", bits64(value), string(verb), precision, size, text})
				}
			}
		}
	}
	// Below a power of two numbers lie closer than above it.
	for exponent := -1074; exponent < 1024; exponent++ {
		// Halfway between two texts of eight digits, where one Go takes the even one and the next does not.
		if exponent == -12 {
			continue
		}
		single := exponent >= -149 && exponent < 128
		if value := math.Ldexp(1, exponent); single {
			rows = append(rows, row{"format", bits64(value), "g", -1, 32, strconv.FormatFloat(value, 'g', -1, 32)})
		} else if exponent%7 == 0 {
			rows = append(rows, row{"format", bits64(value), "g", -1, 64, strconv.FormatFloat(value, 'g', -1, 64)})
		}
	}
	return append(rows, parsedFloats(random)...)
}

func parsedFloats(random *rand.Rand) []row {
	texts := append([]string{
		"inf", "+inf", "-INF", "infinity", "-Infinity", "infi", "NaN", "NAN", "+nan", "-nan", "nan0", ".", "+.", "-.5", ".5", "5.", "5.e3", ".e3", "1e", "1e+", "1e-2",
		"1E5", "1e5.", "1e400", "-1e400", "1e-400", "1e0_1", "1e_1", "1_e1", "1._5", "1_.5", "1_0.5", "1_000.000_1", "1.7976931348623157e308", "1.7976931348623159e308",
		"4.9e-324", "2.4e-324", "2.5e-324", "0x", "0x1", "0x.p1", "0x1.8p1", "0X1.8P+1", "-0x1p-1074", "0x1p-1075", "0x1.8p-1075", "0x1p-1076", "0x1p1024",
		"0x1.fffffffffffffp1023", "0x1.fffffffffffff7p1023", "0x1.fffffffffffff8p1023", "0x1.00000000000008p0", "0x1.000000000000080001p0", "0x1.00000000000018p0",
		"0x_1p0", "0x1_2p0", "0x1_p0", "0x1._2p0", "0x1p_0", "0x1p1_0", "0x1p", "0xp1", "0x.8p1", "0x8.p1", "0x1e2", "0x1e2p3", "0x123456789abcdef123456789abcdef123456789abcdef123456789abcdef123456789abcdefp-100",
		"0x0.0000000000000000000000000000000000000000000000000000000000000000000000000000001p400", "0b1", "0b1p1", "0o7", "1e99999999999999999999", "0x1p99999999999999999999",
		"0e99999999999999999999", "1p3", "1d", "1f", "0.1e-1_0", "123456789012345678901234567890", "9007199254740993", "9007199254740992.999999999999999999999999",
		"8.5e-1_", "0x1.p0_1", "１", "1\u00a0",
	}, numerals...)
	alphabet := []string{"0", "1", "9", ".", "e", "E", "-", "+", "_", "0x", "p", "a", "f", "5"}
	for range 300 {
		var text strings.Builder
		for range 1 + random.Intn(6) {
			text.WriteString(alphabet[random.Intn(len(alphabet))])
		}
		texts = append(texts, text.String())
	}
	var rows []row
	for _, text := range texts {
		value, err := strconv.ParseFloat(text, 64)
		answer := any(bits64(value))
		if err != nil {
			answer = nil
		}
		rows = append(rows, row{"parse", str(text), answer})
	}
	return rows
}
