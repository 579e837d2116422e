using System.Globalization;
using System.Text;
using TsVlm.Contracts;

namespace TsVlm.Representations.Text;

/// <summary>
/// Writes numbers as the prompt shows them, always with '.' and never as a negative zero. Fixed decimals keep trailing zeros ("0.00"),
/// significant digits drop them ("1.5", "120000"). An exponent appears only outside 1e-6..1e9 (significant digits) or from 1e15 (decimals).
/// A missing value is "?".
/// </summary>
internal static class NumberText
{
    public const char Missing = '?';

    private const double LargestWithDecimals = 1e15;
    private const double SmallestPlain = 1e-6;
    private const double LargestPlain = 1e9;

    private static readonly string[] DecimalFormats = [.. Enumerable.Range(0, 9).Select(digits => $"F{digits}")];
    private static readonly string[] ScientificFormats = [.. Enumerable.Range(0, 9).Select(digits => $"E{digits}")];

    public static void Append(StringBuilder text, double value, NumberFormat format)
    {
        if (double.IsNaN(value)) text.Append(Missing);
        else if (format.Rounding is Rounding.SignificantDigits) AppendSignificant(text, value, format.Digits);
        else if (Math.Abs(value) >= LargestWithDecimals) AppendSignificant(text, value, Math.Max(format.Digits, 1));
        else AppendDecimals(text, value, format.Digits);
    }

    private static void AppendDecimals(StringBuilder text, double value, int decimals)
    {
        Span<char> buffer = stackalloc char[32];
        value.TryFormat(buffer, out var length, DecimalFormats[decimals], CultureInfo.InvariantCulture);
        var written = buffer[..length];
        text.Append(written[0] == '-' && !written.ContainsAnyInRange('1', '9') ? written[1..] : written);
    }

    private static void AppendSignificant(StringBuilder text, double value, int digits)
    {
        if (value == 0)
        {
            text.Append('0');
            return;
        }
        Span<char> buffer = stackalloc char[32];
        Math.Abs(value).TryFormat(buffer, out var length, ScientificFormats[digits - 1], CultureInfo.InvariantCulture);   // d.ddE+ddd
        var exponentAt = buffer[..length].IndexOf('E');
        var exponent = int.Parse(buffer[(exponentAt + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        Span<char> mantissa = stackalloc char[16];
        mantissa[0] = buffer[0];
        var numDigits = 1;
        for (var i = 2; i < exponentAt; i++) mantissa[numDigits++] = buffer[i];
        while (numDigits > 1 && mantissa[numDigits - 1] == '0') numDigits--;

        if (value < 0) text.Append('-');
        if (Math.Abs(value) is >= SmallestPlain and < LargestPlain) AppendPlain(text, mantissa[..numDigits], exponent);
        else AppendWithExponent(text, mantissa[..numDigits], exponent);
    }

    private static void AppendPlain(StringBuilder text, ReadOnlySpan<char> digits, int exponent)
    {
        var pointAt = exponent + 1;
        if (pointAt <= 0) text.Append("0.").Append('0', -pointAt).Append(digits);
        else if (pointAt >= digits.Length) text.Append(digits).Append('0', pointAt - digits.Length);
        else text.Append(digits[..pointAt]).Append('.').Append(digits[pointAt..]);
    }

    private static void AppendWithExponent(StringBuilder text, ReadOnlySpan<char> digits, int exponent)
    {
        text.Append(digits[0]);
        if (digits.Length > 1) text.Append('.').Append(digits[1..]);
        text.Append('e').Append(CultureInfo.InvariantCulture, $"{exponent}");
    }
}
