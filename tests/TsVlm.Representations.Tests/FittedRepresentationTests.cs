using FsCheck;
using FsCheck.Fluent;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Tests;

public class FittedRepresentationTests
{
    [Fact]
    public void The_factor_is_the_smallest_with_which_every_training_sequence_fits()
    {
        var inputs = Gen.Choose(0, 10_000).SelectMany(seed => Gen.Choose(90, 400), (seed, context) => (seed, context));
        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            var random = new System.Random(input.seed);
            var training = Enumerable.Range(0, 6).Select(_ => Samples.Series(
                [.. Enumerable.Range(0, random.Next(1, 80))
                .Select(_ => Math.Round(Math.Pow(10, random.Next(0, 5)) * (random.NextDouble() - 0.5), 3))])).ToArray();
            foreach (var method in Enum.GetValues<DownsamplingMethod>().Where(m => m is not DownsamplingMethod.None))
            {
                var representation = new Representation
                {
                    ContextLength = input.context, Downsampling = method,
                    Numbers = new NumberFormat { Normalisation = Normalisation.None, Rounding = Rounding.SignificantDigits, Digits = 5 },
                };
                var factor = Samples.Fit(representation, training).DownsamplingFactor;
                for (var smaller = 1; smaller < factor; smaller++)
                    Assert.Contains(training, series => Tokens(representation, series, smaller) > input.context);
                Assert.All(training, series => Assert.True(Tokens(representation, series, factor) <= input.context));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_longer_test_series_gets_its_own_smallest_larger_factor()
    {
        var builder = new SampleBuilder(Samples.Fit(new Representation { ContextLength = 200 }, Samples.Wave(30)), Samples.Model());
        Assert.Equal(1, builder.Build(Samples.Wave(30)).DownsamplingFactor);
        var longer = builder.Build(Samples.Wave(90));
        Assert.True(longer.DownsamplingFactor > 1);
        Assert.Contains($"Every {longer.DownsamplingFactor} steps:", longer.Prompt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sequence_that_cannot_fit_names_the_training_case_the_tokens_and_a_way_out()
    {
        var error = Assert.Throws<RepresentationException>(() => Samples.Fit(
            new Representation { Downsampling = DownsamplingMethod.None, ContextLength = 100 }, Samples.Wave(3), Samples.Wave(500)));
        Assert.Matches(@"^Training case 1: expected a sequence of at most 100 tokens .*, found \d{4} .*allow downsampling", error.Message);
        Assert.StartsWith("Training case 0: expected a sequence of at most 20 tokens",
            Assert.Throws<RepresentationException>(() => Samples.Fit(new Representation { ContextLength = 20 }, Samples.Wave(3))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_sequence_is_shortened_to_the_positions_of_the_model_where_these_are_fewer_than_the_context_length()
    {
        var (wide, narrow) = (new Representation { ContextLength = 2048 }, Samples.Model() with { MaxPositions = 200 });
        var fitted = FittedRepresentation.Fit(wide, narrow, ["a", "b"], [Samples.Wave(90)]);
        var atContextLength = FittedRepresentation.Fit(wide with { ContextLength = 200 }, Samples.Model(), ["a", "b"], [Samples.Wave(90)]);
        Assert.Equal((atContextLength.DownsamplingFactor, atContextLength.LongestSequence), (fitted.DownsamplingFactor,
            fitted.LongestSequence));
        Assert.InRange(fitted.LongestSequence, 1, 200);
        Assert.Equal(200, narrow.ContextLength(wide));
    }

    [Fact]
    public void A_model_with_too_few_positions_is_named_as_the_reason()
    {
        var model = Samples.Model() with { MaxPositions = 20 };
        var error = Assert.Throws<RepresentationException>(() =>
            FittedRepresentation.Fit(new Representation { ContextLength = 2048 }, model, ["a", "b"], [Samples.Wave(90)]));
        Assert.StartsWith("Training case 0: expected a sequence of at most 20 tokens (the model's max_position_embeddings)", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("take a model with more positions, fewer digits or text NONE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unusable_series_are_refused_with_their_place()
    {
        Assert.StartsWith("Training case 1: expected 1 channels", Refused(Samples.Wave(4), Samples.Wave(4, 2)), StringComparison.Ordinal);
        Assert.Contains("channel 0 at step 1", Refused(Samples.Series([1, double.PositiveInfinity])), StringComparison.Ordinal);
        Assert.StartsWith("Training split:", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_rounding_makes_equal_are_a_warning()
    {
        var unscaled = new Representation { Numbers = new NumberFormat { Normalisation = Normalisation.None } };
        Assert.Contains("are written as '0.00'", Assert.Single(Samples.Fit(unscaled, Samples.Wave(50, amplitude: 1e-5)).Warnings),
            StringComparison.Ordinal);
        Assert.Empty(Samples.Fit(new Representation(), Samples.Wave(50, amplitude: 1e-5)).Warnings);
    }

    [Fact]
    public void Scales_and_axes_come_from_the_training_split()
    {
        var fitted = Samples.Fit(new Representation(), Samples.Series([1, 3]), Samples.Series([5, 7, double.NaN]));
        Assert.Equal(4, fitted.Scales[0].Mean, 12);
        Assert.Equal(Math.Sqrt(5), fitted.Scales[0].Deviation, 12);
        Assert.Equal(3, fitted.Axes.NumSteps);
        Assert.Equal(0.7, fitted.Axes.Channels[0].Low, 12);
    }

    private static string Refused(params TimeSeries[] training) =>
        Assert.Throws<RepresentationException>(() => Samples.Fit(new Representation(), training)).Message;

    private static int Tokens(Representation representation, TimeSeries series, int factor)
    {
        var text = new SeriesText(series, representation, [ChannelScale.Identity]).WithFactor(factor);
        var prompt = ConversationTemplate.Turns.Prompt($"{text}Which class? Options: a, b. Answer with the class.", hasImage: true);
        return Samples.SequenceTokens(new SampleInput(prompt, null, factor), "b");
    }
}
