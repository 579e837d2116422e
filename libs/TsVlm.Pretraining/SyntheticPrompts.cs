using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Models;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Inputs;

namespace TsVlm.Pretraining;

/// <summary>
/// The questions that synthetic pictures come with: those of an image-only scenario, with classes that mean nothing, mostly few, at times
/// many, named by numbers or by made-up words. What the teacher says does not depend on them, so the model learns to carry it past any list
/// of options.
/// </summary>
/// <param name="model">The model's folder: tokenizer and template.</param>
/// <param name="seed">Seed of the classes.</param>
internal sealed class SyntheticPrompts(ModelFolder model, int seed)
{
    private const int MostOften = 24, Most = 60;
    private const double ShareOfLong = 0.1;
    private static readonly string[] Syllables = ["ba", "den", "fi", "gor", "ka", "lum", "mer", "no", "pel", "ri", "sta", "tun", "ver",
        "wo", "zi"];
    private static readonly TimeSeries AnySeries = new([[0, 1, 0, 1]]);

    /// <summary>Tokens of the prompt of a step, image tokens in full; -1 is the validation's.</summary>
    public int[] TokensOf(int step)
    {
        var random = new Random(HashCode(step));
        var isLong = random.NextDouble() < ShareOfLong;
        var numClasses = (int)(isLong ? random.LogUniform(MostOften, Most) : random.LogUniform(2, MostOften));
        var areWords = random.Next(2) == 0;
        string[] classes = [.. Enumerable.Range(1, numClasses).Select(number => areWords ? Word(number, random) : $"{number}")];
        var representation = new Representation { Arm = Arm.Image, Image = ImageKind.ZoomMosaic, Answers = AnswerFormat.Index };
        var builder = new SampleBuilder(FittedRepresentation.Fit(representation, model.Inputs, classes, [AnySeries]), model.Inputs);
        return new SampleEncoding(model).EncodePrompt(builder.Build(AnySeries)).InputIds;
    }

    // No two alike: the number decides the first two syllables.
    private static string Word(int number, Random random) =>
        Syllables[number % Syllables.Length] + Syllables[number / Syllables.Length]
        + (random.Next(2) == 0 ? "" : Syllables[random.Next(Syllables.Length)]);

    private int HashCode(int step) => unchecked((seed * 486_187_739) ^ (step * 16_777_619) ^ 0x5bd1e995);
}
