using System.Text;
using TsVlm.Contracts;
using TsVlm.Representations.Downsampling;

namespace TsVlm.Representations.Text;

/// <summary>
/// The numbers of every channel, comma separated, one line a channel ("c0: 0.12,0.34", without the name where there is one channel).
/// A shortened series says which steps it holds: a stride where they are regular, else a line of the steps.
/// </summary>
internal static class NumberLines
{
    public static void Append(
        StringBuilder text, DownsampledSeries points, DownsamplingMethod method, int factor, IReadOnlyList<ChannelScale> scales,
        NumberFormat format)
    {
        if (factor > 1) AppendTimes(text, points, method, factor);
        for (var c = 0; c < points.NumChannels; c++)
        {
            AppendName(text, c, points.NumChannels);
            for (var i = 0; i < points.NumPoints; i++)
            {
                if (i > 0) text.Append(',');
                NumberText.Append(text, scales[c].Apply(points.Values[c][i]), format);
            }
            text.Append('\n');
        }
    }

    /// <summary>The name that starts a channel's lines; nothing where there is one channel.</summary>
    public static void AppendName(StringBuilder text, int channel, int numChannels)
    {
        if (numChannels > 1) text.Append('c').Append(channel).Append(": ");
    }

    private static void AppendTimes(StringBuilder text, DownsampledSeries points, DownsamplingMethod method, int factor)
    {
        if (Downsampler.IsRegular(method))
            text.Append(method is DownsamplingMethod.BlockMean ? "Means of " : "Every ").Append(factor).Append(" steps:\n");
        else
            text.Append("Steps: ").AppendJoin(',', points.Times).Append('\n');
    }
}
