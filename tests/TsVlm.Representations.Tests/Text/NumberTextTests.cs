using System.Text;
using TsVlm.Contracts;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Tests.Text;

public class NumberTextTests
{
    [Theory]
    [InlineData(0.0, 2, "0.00")]
    [InlineData(-0.001, 2, "0.00")]
    [InlineData(-0.006, 2, "-0.01")]
    [InlineData(1.005, 1, "1.0")]
    [InlineData(-0.4, 0, "0")]
    [InlineData(1e12, 2, "1000000000000.00")]
    [InlineData(-1.26e20, 2, "-1.3e20")]
    [InlineData(double.NaN, 2, "?")]
    public void Decimals_are_fixed_and_zero_has_no_sign(double value, int digits, string expected) =>
        Assert.Equal(expected, Written(value, Rounding.Decimals, digits));

    [Theory]
    [InlineData(0.0, 3, "0")]
    [InlineData(1.5, 3, "1.5")]
    [InlineData(-0.000123456, 3, "-0.000123")]
    [InlineData(123456, 3, "123000")]
    [InlineData(9.996, 3, "10")]
    [InlineData(0.1, 1, "0.1")]
    [InlineData(12.34, 4, "12.34")]
    [InlineData(1e-6, 2, "0.000001")]
    [InlineData(9.87e-8, 2, "9.9e-8")]
    [InlineData(-1e12, 3, "-1e12")]
    public void Significant_digits_are_plain_within_sane_magnitudes(double value, int digits, string expected) =>
        Assert.Equal(expected, Written(value, Rounding.SignificantDigits, digits));

    [Fact]
    public void A_negative_zero_has_no_sign()
    {
        Assert.Equal("0.00", Written(double.NegativeZero, Rounding.Decimals, 2));
        Assert.Equal("0", Written(double.NegativeZero, Rounding.SignificantDigits, 2));
    }

    private static string Written(double value, Rounding rounding, int digits)
    {
        var text = new StringBuilder();
        NumberText.Append(text, value, new NumberFormat { Rounding = rounding, Digits = digits });
        return text.ToString();
    }
}
