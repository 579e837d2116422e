namespace TsVlm.Evaluation.Audit;

/// <summary>How two series belong together.</summary>
public enum PairKind
{
    /// <summary>Every value of every channel is equal, missing values included.</summary>
    Equal,
    /// <summary>Equal but for scale, offset and noise below the tolerance.</summary>
    Near,
    /// <summary>The end of one is the beginning of the other, value for value, or one lies inside the other.</summary>
    Overlapping,
}

/// <summary>Two cases that belong together.</summary>
/// <param name="Kind">How.</param>
/// <param name="First">Case number of the first in the data set.</param>
/// <param name="Second">Case number of the second; for overlapping series the one that begins later.</param>
/// <param name="Distance">Root mean squared difference of the z-normalised values; 0 where values are equal.</param>
/// <param name="Offset">Time steps that the second begins after the first; 0 but for overlapping series.</param>
public sealed record SeriesPair(PairKind Kind, int First, int Second, double Distance = 0, int Offset = 0);
