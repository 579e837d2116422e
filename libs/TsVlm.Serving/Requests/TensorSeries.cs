using TsVlm.Data;

namespace TsVlm.Serving.Requests;

/// <summary>
/// The series in a tensor of the shape (batch, channels, steps). NaN is a missing value; where series have unequal lengths, the shorter
/// ones are filled up behind their end.
/// </summary>
/// <param name="bounds">The bounds of series.</param>
internal sealed class TensorSeries(SeriesBounds bounds)
{
    private const int Rank = 3;

    /// <summary>How many numbers a tensor of series of that shape has.</summary>
    /// <exception cref="RequestException">The shape is none of series, or beyond the bounds.</exception>
    public int CountNumbers(IReadOnlyList<long> shape, string place)
    {
        if (shape.Count != Rank)
            throw new RequestException($"{place}: expected 3 sizes (batch, channels, steps), found {shape.Count}.");
        bounds.CheckSeries(shape[0], place);
        bounds.CheckChannels(shape[1], place);
        bounds.CheckSteps(shape[2], place);
        var count = shape[0] * shape[1] * shape[2];
        return count <= Array.MaxLength ? (int)count
            : throw new RequestException($"{place}: expected at most {Array.MaxLength} numbers, found {count}.");
    }

    /// <summary>The series.</summary>
    /// <param name="values">The numbers, row by row.</param>
    /// <param name="shape">Checked by <see cref="CountNumbers"/>.</param>
    /// <param name="lengths">Time steps of each series; null where all have as many as the tensor.</param>
    /// <param name="place">Where the tensor's data is in the request.</param>
    /// <exception cref="RequestException">A series has no value, or a length is not within the tensor.</exception>
    public static IReadOnlyList<TimeSeries> Split(double[] values, IReadOnlyList<long> shape, IReadOnlyList<long>? lengths, string place)
    {
        var (numChannels, numSteps) = ((int)shape[1], (int)shape[2]);
        var series = new List<TimeSeries>((int)shape[0]);
        for (var i = 0; i < shape[0]; i++)
        {
            var length = lengths is null ? numSteps : (int)lengths[i];
            var channels = new double[numChannels][];
            for (var c = 0; c < numChannels; c++) channels[c] = values.AsSpan(((i * numChannels) + c) * numSteps, length).ToArray();
            series.Add(SeriesBounds.Series(channels, $"{place}[{i}]"));
        }
        return series;
    }

    /// <summary>Refuses lengths that are not those of the tensor's series.</summary>
    /// <exception cref="RequestException">Another number of lengths, or one that is not within the tensor.</exception>
    public static void CheckLengths(IReadOnlyList<long> lengths, IReadOnlyList<long> shape, string place)
    {
        if (lengths.Count != shape[0])
            throw new RequestException($"{place}: expected a length for each of {shape[0]} series, found {lengths.Count}.");
        foreach (var (i, length) in lengths.Index())
            if (length < 1 || length > shape[2])
                throw new RequestException($"{place}[{i}]: expected from 1 to {shape[2]} time steps as the tensor has, found {length}.");
    }
}
