using TsVlm.Data;

namespace TsVlm.Representations.Text;

/// <summary>
/// Count, mean, population standard deviation and extremes of the present values of a sequence; zeros where there are none.
/// </summary>
public readonly record struct Moments(int Count, double Mean, double Deviation, double Minimum, double Maximum)
{
    /// <summary>Welford's update, which large offsets do not spoil.</summary>
    public static Moments Of(IEnumerable<double> values)
    {
        var (count, mean, squares) = (0, 0.0, 0.0);
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            count++;
            var before = value - mean;
            mean += before / count;
            squares += before * (value - mean);
            if (value < low) low = value;
            if (value > high) high = value;
        }
        if (count == 0) return default;
        if (low == high) return new Moments(count, low, 0, low, high);
        var deviation = Math.Sqrt(squares / count);
        var isRounding = deviation <= ZNormalisation.RelativeRounding * Math.Max(Math.Abs(low), Math.Abs(high));
        return new Moments(count, mean, isRounding ? 0 : deviation, low, high);
    }
}
