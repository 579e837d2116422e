using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TsVlm.Pretraining.Descriptions;

/// <summary>
/// What a picture shows of a series, in words: "The trend is rising. There are 5 cycles. The level shifts up at 40 %. Spikes are up at 20 %,
/// down at 70 %. The noise is low." Places are in percent of the length, as a picture does not tell the number of steps. Of several channels
/// it says what they have in common, and which one differs.
/// </summary>
public sealed partial record SeriesDescription
{
    /// <summary>Where the series tends.</summary>
    public Direction Trend { get; init; } = Direction.None;

    /// <summary>Repetitions of a shape over the whole length; 0 for none.</summary>
    public int NumCycles { get; init; }

    /// <summary>A place where the level changes for good; null for none.</summary>
    public Place? Shift { get; init; }

    /// <summary>Short peaks and troughs, in the order of time.</summary>
    public IReadOnlyList<Place> Spikes { get; init; } = [];

    /// <summary>How much of the series is noise.</summary>
    public NoiseLevel Noise { get; init; } = NoiseLevel.None;

    /// <summary>Number of channels.</summary>
    public int NumChannels { get; init; } = 1;

    /// <summary>The channel that is unlike the others, from 0; null for none.</summary>
    public int? DifferentChannel { get; init; }

    /// <summary>The description in words.</summary>
    public override string ToString() => Text(place => $"{place.Percent.ToString(CultureInfo.InvariantCulture)} %", cycles: "");

    /// <summary>The same with places as time steps, from 0, and the cycles' period, of a series of so many steps.</summary>
    public string InSteps(int length) => Text(
        place => string.Create(CultureInfo.InvariantCulture, $"step {(int)Math.Round(place.Percent / 100.0 * (length - 1))}"),
        NumCycles == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" of {(double)length / NumCycles:0.#} steps"));

    /// <summary>Reads a description; null where the text is none.</summary>
    public static SeriesDescription? Parse(string text)
    {
        var sentences = Sentences().Match(text.Trim());
        if (!sentences.Success) return null;
        Place? shift = sentences.Groups["shift"].Value is "" ? null
            : new(sentences.Groups["shift"].Value == "up", Whole(sentences.Groups["shiftAt"]));
        Place[] spikes = [.. sentences.Groups["spike"].Captures.Zip(sentences.Groups["spikeAt"].Captures,
            (direction, at) => new Place(direction.Value == "up", int.Parse(at.Value, CultureInfo.InvariantCulture)))];
        return new SeriesDescription
        {
            Trend = Enum.Parse<Direction>(sentences.Groups["trend"].Value, ignoreCase: true),
            NumCycles = sentences.Groups["cycles"].Value == "no" ? 0 : Whole(sentences.Groups["cycles"]),
            Shift = shift, Spikes = spikes,
            Noise = Enum.Parse<NoiseLevel>(sentences.Groups["noise"].Value, ignoreCase: true),
            NumChannels = sentences.Groups["channels"].Success ? 2 : 1,
            DifferentChannel = sentences.Groups["different"].Success ? Whole(sentences.Groups["different"]) : null,
        };
    }

    /// <summary>Equal words.</summary>
    public bool Equals(SeriesDescription? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc />
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private string Text(Func<Place, string> at, string cycles)
    {
        var text = new StringBuilder($"The trend is {Word(Trend)}. ");
        text.Append(NumCycles == 0 ? "There are no cycles. " : string.Create(CultureInfo.InvariantCulture, $"There are {NumCycles} cycles{cycles}. "));
        text.Append(Shift is { } shift ? $"The level shifts {Side(shift)} at {at(shift)}. " : "The level does not shift. ");
        text.Append(Spikes.Count == 0 ? "There are no spikes. "
            : $"Spikes are {string.Join(", ", Spikes.Select(spike => $"{Side(spike)} at {at(spike)}"))}. ");
        text.Append($"The noise is {Word(Noise)}.");
        if (NumChannels > 1) text.Append(DifferentChannel is { } channel ? $" Channel c{channel} is different." : " The channels are alike.");
        return text.ToString();
    }

    private static string Side(Place place) => place.IsUp ? "up" : "down";

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static int Whole(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("""
        ^The\ trend\ is\ (?<trend>none|rising|falling)\.
        \ There\ are\ (?<cycles>no|\d{1,3})\ cycles\.
        \ (The\ level\ shifts\ (?<shift>up|down)\ at\ (?<shiftAt>\d{1,3})\ %\.|The\ level\ does\ not\ shift\.)
        \ (There\ are\ no\ spikes\.|Spikes\ are\ ((,\ )?(?<spike>up|down)\ at\ (?<spikeAt>\d{1,3})\ %)+\.)
        \ The\ noise\ is\ (?<noise>none|low|high)\.
        (\ (?<channels>Channel\ c(?<different>\d{1,3})\ is\ different\.|The\ channels\ are\ alike\.))?$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Sentences();
}

/// <summary>Where a series tends.</summary>
public enum Direction
{
    /// <summary>Neither up nor down.</summary>
    None,
    /// <summary>Up.</summary>
    Rising,
    /// <summary>Down.</summary>
    Falling,
}

/// <summary>How much of a series is noise.</summary>
public enum NoiseLevel
{
    /// <summary>No noise.</summary>
    None,
    /// <summary>Deviation of a tenth to a fifth of the series without it.</summary>
    Low,
    /// <summary>Deviation of half to four fifths of the series without it.</summary>
    High,
}

/// <summary>A place in a series.</summary>
/// <param name="IsUp">Whether the series goes up there, or down.</param>
/// <param name="Percent">Place in percent of the length.</param>
public sealed record Place(bool IsUp, int Percent);
