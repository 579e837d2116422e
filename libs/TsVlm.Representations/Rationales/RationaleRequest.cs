using System.Text;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Downsampling;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Rationales;

/// <summary>
/// What a chat model is asked for a rationale by: a training case with its class, which is what the target is to explain. The series is
/// told by its statistics, its shape and at most <see cref="MaxPoints"/> of its numbers, in the scale of the prompts.
/// </summary>
public static class RationaleRequest
{
    private const int MaxPoints = 100;
    private const int MaxChannels = 8;

    /// <summary>What the model is to do, the same for every case.</summary>
    public static string Instructions(RationaleSettings settings) =>
        "You explain why a time series belongs to its class, for training a model that will see the series but not the class. "
        + $"Answer with one or two short sentences of at most {settings.MaxTokens / 2} words, plain text on one line. "
        + "Say only what the numbers given here show, name figures where they help, and say what sets the series apart from the other classes."
        + (settings.Order is RationaleOrder.RationaleFirst ? " Do not name the class, its number or any other class." : "");

    /// <summary>The request for one training case.</summary>
    /// <param name="fitted">Classes, and scale and format of the numbers.</param>
    /// <param name="series">The series.</param>
    /// <param name="label">Its class.</param>
    public static string Text(FittedRepresentation fitted, TimeSeries series, string label)
    {
        var format = fitted.Representation.Numbers;
        var text = new StringBuilder($"Classes: {string.Join(", ", fitted.Classes)}\nClass of this series: {label}\n");
        var factor = Math.Max(1, (series.Length + MaxPoints - 1) / MaxPoints);
        var points = Downsampler.Shorten(series, DownsamplingMethod.BlockMean, factor);
        text.Append(FormattableString.Invariant($"Time steps: {series.Length}, channels: {series.NumChannels}"));
        text.Append(factor > 1 ? FormattableString.Invariant($"; numbers are means of {factor} steps\n") : "\n");
        for (var c = 0; c < Math.Min(series.NumChannels, MaxChannels); c++)
        {
            var values = fitted.Scales[c].Apply(series.Channel(c));
            text.Append(FormattableString.Invariant($"Channel {c}, statistics: "));
            StatisticsLine.Append(text, ChannelStatistics.Of(values), format);
            text.Append(FormattableString.Invariant($"Channel {c}, shape: "));
            SignalDescription.Append(text, values, format);
            text.Append(FormattableString.Invariant($"Channel {c}, numbers: "));
            for (var i = 0; i < points.NumPoints; i++)
            {
                if (i > 0) text.Append(',');
                NumberText.Append(text, fitted.Scales[c].Apply(points.Values[c][i]), format);
            }
            text.Append('\n');
        }
        return text.Append("Why does this series belong to its class?").ToString();
    }
}
