namespace TsVlm.Pretraining.Descriptions;

/// <summary>How well descriptions agree with how series were made, part by part.</summary>
public static class DescriptionScores
{
    private const int PlaceTolerance = 5, CycleTolerance = 1;

    /// <summary>
    /// For each part the share of series that are described right, and the share that the most frequent answer of all has right. A place is
    /// right within 5 percent of the length, a number of cycles within 1, and none where there is none.
    /// </summary>
    /// <param name="pairs">What a series is, and what was written of it; at least one.</param>
    public static IReadOnlyList<PartScore> Of(IReadOnlyList<(SeriesDescription Made, string Written)> pairs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pairs.Count);
        var read = pairs.Select(pair => (pair.Made, Written: SeriesDescription.Parse(pair.Written))).ToList();
        List<PartScore> scores =
        [
            new("whole sentences", read.Average(pair => pair.Written is null ? 0.0 : 1), 0, read.Count),
            Score("trend", d => d.Trend, (made, written) => made == written),
            Score("cycles", d => d.NumCycles, (made, written) =>
                (made == 0) == (written == 0) && Math.Abs(made - written) <= CycleTolerance),
            Score("shift of level", d => d.Shift, IsNear),
            Score("spikes", d => d.Spikes, (made, written) => made.Count == written.Count && made.Zip(written).All(p => IsNear(p.First, p.Second))),
            Score("noise", d => d.Noise, (made, written) => made == written),
        ];
        if (read.Any(pair => pair.Made.NumChannels > 1))
            scores.Add(Score("different channel", d => d.DifferentChannel, (made, written) => made == written, d => d.NumChannels > 1));
        return scores;

        PartScore Score<T>(string part, Func<SeriesDescription, T> of, Func<T, T, bool> agree, Func<SeriesDescription, bool>? counts = null)
        {
            var counted = read.Where(pair => counts?.Invoke(pair.Made) ?? true).ToList();
            var right = counted.Average(pair => pair.Written is { } written && agree(of(pair.Made), of(written)) ? 1.0 : 0);
            var frequent = counted.Max(one => counted.Average(other => agree(of(other.Made), of(one.Made)) ? 1.0 : 0));
            return new(part, right, frequent, counted.Count);
        }
    }

    private static bool IsNear(Place? made, Place? written) => made is null || written is null ? made is null && written is null
        : made.IsUp == written.IsUp && Math.Abs(made.Percent - written.Percent) <= PlaceTolerance;
}

/// <summary>How often one part of a description is right.</summary>
/// <param name="Part">What is described.</param>
/// <param name="Right">Share of series, 0 to 1.</param>
/// <param name="OfMostFrequent">Share that the answer which is right most often has, given to every series.</param>
/// <param name="NumSeries">Series that have this part.</param>
public sealed record PartScore(string Part, double Right, double OfMostFrequent, int NumSeries);
