using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;

namespace TsVlm.Representations.Tests;

/// <summary>Series and model inputs that tests build samples from.</summary>
internal static class Samples
{
    public const int ImageSize = 48;
    public const int PatchSize = 16;
    public const int NumImageTokens = 9;

    public static ModelInputs Model(int imageSize = ImageSize) =>
        new(imageSize, PatchSize, NumImageTokens, ConversationTemplate.Turns, CountTokens);

    /// <summary>One token for a run of letters; every other character is one, spaces are none.</summary>
    public static int CountTokens(string text)
    {
        var (count, inWord) = (0, false);
        foreach (var c in text)
        {
            if (char.IsAsciiLetter(c) && inWord) continue;
            inWord = char.IsAsciiLetter(c);
            if (c != ' ') count++;
        }
        return count;
    }

    public static int SequenceTokens(SampleInput input, string answer)
    {
        var parts = $"{input.Prompt} {answer}".Split("<image>");
        return 2 + parts.Sum(CountTokens) + ((parts.Length - 1) * NumImageTokens / input.Images.PatchesPerToken);
    }

    public static TimeSeries Series(params double[][] channels) => new(channels);

    public static TimeSeries Wave(int length, int numChannels = 1, double amplitude = 1) => new(Enumerable.Range(0, numChannels)
        .Select(c => Enumerable.Range(0, length).Select(t => amplitude * Math.Sin((0.2 * t) + c)).ToArray()));

    public static FittedRepresentation Fit(Representation representation, params TimeSeries[] training) =>
        FittedRepresentation.Fit(representation, Model(), ["a", "b"], training);

    public static SampleInput Build(Representation representation, TimeSeries series, params TimeSeries[] training)
    {
        var builder = new SampleBuilder(Fit(representation, training.Length == 0 ? [series] : training), Model());
        return builder.Build(series, series);
    }
}
