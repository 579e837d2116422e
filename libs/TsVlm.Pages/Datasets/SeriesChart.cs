using TsVlm.Contracts.Http;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Datasets;

/// <summary>
/// Series over time, the channels below each other on one time axis: thin lines for series, a thick one for the mean of a class with its
/// standard deviation as a band. A column of several time steps is drawn from its lowest to its highest value.
/// </summary>
public static class SeriesChart
{
    private const double Width = 370;
    private const double Left = 52;
    private const double Right = Width - 8;
    private const double Top = 6;
    private const double Gap = 8;
    private const double Foot = 34;

    /// <summary>The chart.</summary>
    /// <param name="label">What it shows, for those who do not see it.</param>
    /// <param name="style">Class of its colour, such as <c>c0</c>.</param>
    /// <param name="scale">Its axes.</param>
    /// <param name="series">The series.</param>
    /// <param name="means">The means of a class by channel; null for none.</param>
    public static HtmlText Markup(string label, string style, SeriesScale scale, IReadOnlyList<SeriesOutline> series,
        IReadOnlyList<ChannelMeans>? means = null)
    {
        ArgumentNullException.ThrowIfNull(scale);
        var numChannels = scale.Ranges.Count;
        var band = numChannels <= 1 ? 150.0 : numChannels <= 3 ? 90 : 64;
        var bottom = Top + (numChannels * (band + Gap)) - Gap;
        var time = new Axis(0, Math.Max(1, scale.Length - 1), false, Left, Right);
        return $"""
            <svg class="series {style}" viewBox="0 0 {Width:0} {bottom + Foot:0}" width="{Width:0}" role="img" aria-label="{label}">
            {Enumerable.Range(0, numChannels).Select(channel => Channel(scale, channel, Top + (channel * (band + Gap)), band, time, series, means))}
            {time.Ticks(4).Select(HtmlText (t) => $"""<text class="tick" x="{time.At(t):0.#}" y="{bottom + 15:0.#}" text-anchor="middle">{t:#,0.##}</text>""")}
            <text class="axis" x="{(Left + Right) / 2:0}" y="{bottom + 30:0.#}" text-anchor="middle">time step</text></svg>
            """;
    }

    private static HtmlText Channel(SeriesScale scale, int channel, double top, double height, Axis time, IReadOnlyList<SeriesOutline> series,
        IReadOnlyList<ChannelMeans>? means)
    {
        var (low, high) = scale.Ranges[channel];
        var value = new Axis(low, high, false, top + height, top);
        var mean = means is not null && channel < means.Count ? means[channel] : null;
        var middle = top + (height / 2);
        HtmlText name = scale.Ranges.Count == 1 ? HtmlText.Empty : $"""
            <text class="axis" x="11" y="{middle:0.#}" text-anchor="middle" transform="rotate(-90 11 {middle:0.#})">channel {scale.FirstChannel + channel}</text>
            """;
        return $"""
            {value.Ticks(height > 80 ? 4 : 2).Select(HtmlText (t) => $"""
                <path class="grid" d="M{Left:0} {value.At(t):0.#}H{Right:0}"/><text class="tick" x="{Left - 6:0}" y="{value.At(t) + 4:0.#}" text-anchor="end">{t:G4}</text>
                """)}{name}
            {(mean is null ? HtmlText.Empty : Band(mean, scale, time, value))}
            {series.Where(one => channel < one.Channels.Count).Select(HtmlText (one) => $"""
                <path class="one" d="{Line(one.Channels[channel], scale, time, value)}"><title>case {one.Case}, {one.Label}</title></path>
                """)}
            {(mean is null ? HtmlText.Empty : $"""<path class="class-mean" d="{Line(new(mean.Mean, mean.Mean), scale, time, value)}"><title>mean</title></path>""")}

            """;
    }

    /// <summary>A line through the lowest and highest value of each column, broken where values are missing.</summary>
    private static HtmlText Line(ChannelExtremes channel, SeriesScale scale, Axis time, Axis value)
    {
        var pieces = new List<HtmlText>();
        var (isPenDown, last) = (false, 0.0);
        for (var column = 0; column < channel.Low.Count; column++)
        {
            var (low, high, x) = (channel.Low[column], channel.High[column], time.At(Middle(column, scale)));
            if (!double.IsFinite(low) || !double.IsFinite(high))
            {
                isPenDown = false;
                continue;
            }
            // The nearer end first, so that the line has no needless strokes.
            var (first, second) = isPenDown && Math.Abs(high - last) < Math.Abs(low - last) ? (high, low) : (low, high);
            pieces.Add($"{(isPenDown ? "L" : "M")}{x:0.#} {value.At(first):0.#}");
            if (second != first) pieces.Add($"L{x:0.#} {value.At(second):0.#}");
            // A lone value between missing ones is a dot, not nothing.
            else if (!isPenDown) pieces.Add($"h.1");
            (isPenDown, last) = (true, second);
        }
        return $"{pieces}";
    }

    private static HtmlText Band(ChannelMeans means, SeriesScale scale, Axis time, Axis value)
    {
        var there = Enumerable.Range(0, means.Mean.Count).Where(i => double.IsFinite(means.Mean[i])).ToList();
        if (there.Count == 0) return HtmlText.Empty;
        var upper = there.Select(HtmlText (i, place) => $"{(place == 0 ? "M" : "L")}{time.At(Middle(i, scale)):0.#} {value.At(means.Mean[i] + means.Deviation[i]):0.#}");
        var lower = there.AsEnumerable().Reverse().Select(HtmlText (i) => $"L{time.At(Middle(i, scale)):0.#} {value.At(means.Mean[i] - means.Deviation[i]):0.#}");
        return $"""<path class="band" d="{upper}{lower}Z"/>""";
    }

    private static double Middle(int column, SeriesScale scale) =>
        Math.Min(scale.Length - 1, (column * (double)scale.StepsPerColumn) + ((scale.StepsPerColumn - 1) / 2.0));
}
