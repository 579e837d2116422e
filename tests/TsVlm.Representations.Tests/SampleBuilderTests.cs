using System.Reflection;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Downsampling;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Images;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Tests;

public class SampleBuilderTests
{
    [Fact]
    public void No_method_that_builds_a_sample_takes_a_label()
    {
        Type[] builders = [typeof(SampleBuilder), typeof(FittedRepresentation), typeof(LinePlot), typeof(PlotAxes), typeof(Downsampler),
            typeof(ChannelStatistics)];
        var parameters = builders
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
                | BindingFlags.DeclaredOnly))
            .OfType<MethodBase>().SelectMany(method => method.GetParameters()).ToArray();
        Assert.Contains(parameters, parameter => parameter.ParameterType == typeof(TimeSeries));
        foreach (var parameter in parameters)
        {
            var types = new[] { parameter.ParameterType,
                parameter.ParameterType.GetElementType() }.Concat(parameter.ParameterType.GetGenericArguments());
            Assert.DoesNotContain(types, type => type == typeof(LabelledSeries) || type == typeof(Dataset) || type == typeof(Sample));
            Assert.False(parameter.Name!.Contains("label", StringComparison.OrdinalIgnoreCase), $"{parameter.Member}: {parameter.Name}");
        }
    }

    [Fact]
    public void The_prompt_reads_as_documented()
    {
        var representation = new Representation { Numbers = new NumberFormat { Normalisation = Normalisation.None } };
        Assert.Equal("USER: <image>\n0.50,?,-1.00\nWhich class? Options: a, b. Answer with the class. ASSISTANT:",
            Samples.Build(representation, Samples.Series([0.5, double.NaN, -1])).Prompt);
        Assert.Equal("USER: c0: 1.00,2.00\nc1: 3.00,4.00\nWhich class? Options: 0: a, 1: b. Answer with the number. ASSISTANT:",
            Samples.Build(representation with { Arm = Arm.Text, Answers = AnswerFormat.Index }, Samples.Series([1, 2], [3, 4])).Prompt);
        Assert.Equal("USER: <image>\nWhich class? Options: a, b. Answer with the class. ASSISTANT:",
            Samples.Build(representation with { Arm = Arm.Image }, Samples.Wave(5)).Prompt);
    }

    [Theory]
    [InlineData(Arm.Both, ImageKind.LinePlot)]
    [InlineData(Arm.Both, ImageKind.ZoomMosaic)]
    [InlineData(Arm.Text, ImageKind.LinePlot)]
    public void A_prompt_takes_what_a_sequence_takes_without_answer_and_end_token(Arm arm, ImageKind kind)
    {
        var input = Samples.Build(new Representation { Arm = arm, Image = kind }, Samples.Wave(20, numChannels: 2));
        var tokens = PromptTokens.Of(input, Samples.Model());
        Assert.Equal(Samples.SequenceTokens(input, "a") - 1 - Samples.CountTokens("a"), tokens.Text + tokens.Images);
        Assert.Equal(arm is Arm.Text, tokens.Images == 0);
    }

    [Theory]
    [InlineData(Arm.Both)]
    [InlineData(Arm.Image)]
    [InlineData(Arm.Text)]
    [InlineData(Arm.BlankImage)]
    [InlineData(Arm.ShuffledImage)]
    public void A_blank_input_is_the_question_with_an_empty_image_where_there_is_one(Arm arm)
    {
        var blank = new SampleBuilder(Samples.Fit(new Representation { Arm = arm, Text = TextKind.WithStats }, Samples.Wave(20)), Samples.Model())
            .Blank();
        var mark = arm is Arm.Text ? "" : "<image>\n";
        Assert.Equal($"USER: {mark}Which class? Options: a, b. Answer with the class. ASSISTANT:", blank.Prompt);
        var nothing = new Representation { Arm = Arm.BlankImage, Text = TextKind.None };
        Assert.Equal(arm is Arm.Text ? null : Samples.Build(nothing, Samples.Wave(20)).Image, blank.Image);
    }

    [Fact]
    public void The_shuffled_arm_takes_the_text_of_one_series_and_the_image_of_another()
    {
        var (series, other) = (Samples.Wave(20), Samples.Wave(20, amplitude: 0.3));
        var both = new SampleBuilder(Samples.Fit(new Representation(), series, other), Samples.Model());
        var shuffled = new SampleBuilder(Samples.Fit(new Representation { Arm = Arm.ShuffledImage }, series, other), Samples.Model());
        var input = shuffled.Build(series, other);
        Assert.Equal(both.Build(series).Prompt, input.Prompt);
        Assert.Equal(both.Build(other).Image, input.Image);
        Assert.Throws<RepresentationException>(() => shuffled.Build(series));
        Assert.Throws<RepresentationException>(() => both.Build(series, other));
    }

    [Fact]
    public void Many_classes_are_not_listed_and_still_answered_one_by_one()
    {
        string[] classes = [.. Enumerable.Range(0, 60).Select(i => $"shape{i}")];
        var builder = new SampleBuilder(FittedRepresentation.Fit(new Representation(), Samples.Model(), classes, [Samples.Wave(9)]),
            Samples.Model());
        Assert.DoesNotContain("shape", builder.Build(Samples.Wave(9)).Prompt, StringComparison.Ordinal);
        Assert.Equal(classes, builder.Answers);
    }

    [Fact]
    public void A_data_set_that_says_what_its_labels_mean_is_asked_for_and_answered_in_words()
    {
        var representation = new Representation { Answers = AnswerFormat.Text };
        var fitted = FittedRepresentation.Fit(representation,
            Samples.Model(), ["1", "2"], [Samples.Wave(9)], ["walking upstairs", "standing"]);
        var builder = new SampleBuilder(fitted, Samples.Model());
        Assert.Equal(["walking upstairs", "standing"], builder.Answers);
        Assert.Contains("Options: walking upstairs, standing. Answer with the class.", builder.Build(Samples.Wave(9)).Prompt,
            StringComparison.Ordinal);
        Assert.Equal(["1", "2"], fitted.Classes);
        var verbatim = FittedRepresentation.Fit(new Representation(),
            Samples.Model(), ["1", "2"], [Samples.Wave(9)], ["walking upstairs", "standing"]);
        Assert.Equal(["1", "2"], new SampleBuilder(verbatim, Samples.Model()).Answers);
    }

    [Fact]
    public void Words_are_refused_where_the_data_set_has_none() => Assert.Equal(
        "Answers text: expected a data set that says what its labels mean, found none; put NAME_LABELS.csv with the columns label,text beside its files, or take answers verbatim.",
        Assert.Throws<RepresentationException>(() =>
            Samples.Fit(new Representation { Answers = AnswerFormat.Text }, Samples.Wave(9))).Message);

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "a ")]
    [InlineData("a", " ")]
    [InlineData("a", "b<image>")]
    [InlineData]
    public void Classes_that_cannot_be_told_apart_or_asked_for_are_refused(params string[] classes) =>
        Assert.Throws<RepresentationException>(() =>
            FittedRepresentation.Fit(new Representation(), Samples.Model(), classes, [Samples.Wave(9)]));

    [Fact]
    public void A_model_with_another_image_size_is_refused() =>
        Assert.Throws<RepresentationException>(() =>
            new SampleBuilder(Samples.Fit(new Representation(), Samples.Wave(9)), Samples.Model(imageSize: 56)));
}
