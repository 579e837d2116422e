using System.Text;
using TsVlm.Contracts;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Tests.Text;

public class SignalDescriptionTests
{
    [Fact]
    public void A_ramp_rises_from_its_minimum_to_its_maximum_without_shift_or_period() =>
        Assert.Equal("trend rising; max 9.00 at 9; min 0.00 at 0; no period; up 0-9\n",
            Described([.. Enumerable.Range(0, 10).Select(t => (double)t)]));

    [Fact]
    public void A_wave_has_its_period() =>
        Assert.Contains("; period 20;", Described([.. Enumerable.Range(0, 200).Select(t => Math.Sin(2 * Math.PI * t / 20))]),
            StringComparison.Ordinal);

    [Fact]
    public void A_step_is_a_level_shift_at_its_first_new_value() =>
        Assert.Contains("; shift down at 40;", Described([.. Enumerable.Range(0, 100).Select(t => t < 40 ? 2.0 : -1.0)]),
            StringComparison.Ordinal);

    [Fact]
    public void Segments_end_at_the_turning_points() =>
        Assert.Contains("; up 0-10, down 10-30, up 30-40",
            Described([.. Enumerable.Range(0, 41).Select(t => t <= 10 ? t : t <= 30 ? 20.0 - t : t - 40.0)]),
            StringComparison.Ordinal);

    [Fact]
    public void A_constant_and_a_missing_channel_are_described_too()
    {
        Assert.Equal("trend flat; max 3.00 at 0; min 3.00 at 0; no period\n", Described([3, 3, 3]));
        Assert.Equal("all missing\n", Described([double.NaN, double.NaN]));
    }

    private static string Described(double[] values)
    {
        var text = new StringBuilder();
        SignalDescription.Append(text, values, new NumberFormat());
        return text.ToString();
    }
}
