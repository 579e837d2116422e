using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Data.Splits;
using TsVlm.Models;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Rationales;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Tests.Rationales;

public class TrainingRationalesTests
{
    private static readonly Dataset Cbf = BuiltInDatasets.Generate("CBF");
    private static readonly DatasetSplit Split = Splitter.Split(Cbf, "official", 0);
    private static readonly ModelFolder Tiny = ModelFolder.Open("tiny");

    [Theory]
    [InlineData(RationaleOrder.AnswerFirst)]
    [InlineData(RationaleOrder.RationaleFirst)]
    public void Other_validation_and_test_cases_change_no_byte_of_a_training_target(RationaleOrder order)
    {
        var (own, other) = (Make(Cbf, order), Make(Changed(), order));
        var trained = Of(own, SplitNames.Train);
        Assert.Equal(trained.Select(s => (s.Input.Prompt, s.Answer, s.Rationale)), Of(other, SplitNames.Train)
            .Select(s => (s.Input.Prompt, s.Answer, s.Rationale)));
        Assert.True(trained.Count(s => s.Rationale!.Length > 0) > trained.Count / 2);
        // The change is one that rationales would show, had they looked there.
        Assert.NotEqual(Of(own, SplitNames.Test).Select(s => s.Answer), Of(other, SplitNames.Test).Select(s => s.Answer));
    }

    [Theory]
    [InlineData(RationaleOrder.AnswerFirst, "Answer with the class, then say why.")]
    [InlineData(RationaleOrder.RationaleFirst, "Say why, then answer with the class.")]
    public void No_prompt_holds_a_rationale_and_no_validation_or_test_sample_has_one(RationaleOrder order, string request)
    {
        var making = Make(Cbf, order);
        var without = new SampleMaking(Cbf, Split, Representation(order) with { Rationale = null, ContextLength = 5000 }, Tiny.Inputs, 0);
        foreach (var (name, samples) in making.Splits)
        {
            foreach (var (sample, plain) in samples.Zip(Of(without, name)))
            {
                Assert.Equal(plain.Input.Prompt.Replace("Answer with the class.", request, StringComparison.Ordinal), sample.Input.Prompt);
                Assert.Equal(name == SplitNames.Train, sample.Rationale is not null);
                Assert.Null(plain.Rationale);
            }
        }
        Assert.All(Split.Test.Concat(Split.Validation), number => Assert.Null(making.RationaleOf(number)));
    }

    [Theory]
    [InlineData(RationaleOrder.AnswerFirst)]
    [InlineData(RationaleOrder.RationaleFirst)]
    public void The_budget_holds_the_longest_rationale(RationaleOrder order)
    {
        var making = Make(Cbf, order);
        var encoding = new ConversationEncoding(Tiny.Tokenizer, Tiny.Inputs.Template);
        var format = new RationaleFormat(order);
        foreach (var sample in Of(making, SplitNames.Train))
        {
            var sequence = encoding.Encode(sample.Input.Prompt, format.Target(sample.Answer, sample.Rationale!),
                Tiny.Inputs.NumImageTokens);
            Assert.InRange(sequence.InputIds.Length, 1, making.Fitted.LongestSequence);
            Assert.InRange(format.Tokens(sample.Rationale!, Tiny.Inputs.CountTokens), 0, 40);
        }
        Assert.InRange(making.Fitted.LongestSequence, 1, making.Fitted.Representation.ContextLength);
        var without = FittedRepresentation.Fit(
            Representation(order) with { Rationale = null }, Tiny.Inputs, Cbf.Classes, [.. Split.Train.Select(i => Cbf.Cases[i].Series)]);
        Assert.True(making.Fitted.DownsamplingFactor >= without.DownsamplingFactor);
    }

    [Fact]
    public void A_file_gives_the_rationales_that_people_accepted()
    {
        var (first, second, third) = (Split.Train[0], Split.Train[1], Split.Train[2]);
        var file = new RationaleFile(
        [
            new("CBF", first, Cbf.Cases[first].Label, "it says so", true), new("CBF", second, Cbf.Cases[second].Label, "nonsense", false),
            new("CBF", third, Cbf.Cases[third].Label, string.Join(" ", Enumerable.Repeat("It goes up and down.", 40)), true),
            new("Other", 3, "x", "no matter", true),
        ]);
        var representation = Representation(RationaleOrder.AnswerFirst) with { Rationale = new() { Source = file.Hash, MaxTokens = 40 } };
        var making = new SampleMaking(Cbf, Split, representation, Tiny.Inputs, 0, file);
        Assert.Equal("it says so", making.RationaleOf(first));
        Assert.Equal("", making.RationaleOf(second));
        Assert.EndsWith("down.", making.RationaleOf(third));
        Assert.InRange(making.RationaleOf(third)!.Length, 20, 200);
        Assert.Equal($"{Split.Train.Count - 2} of {Split.Train.Count} training cases have no rationale and are learnt by their answers alone.", Assert.Single(making.Warnings));
        Assert.Contains("found none",
            Assert.Throws<RepresentationException>(() => new SampleMaking(Cbf, Split, representation, Tiny.Inputs, 0)).Message);
    }

    [Fact]
    public void Before_the_answer_a_rationale_does_not_name_its_class()
    {
        var number = Split.Train[0];
        var file = new RationaleFile([new("CBF", number, Cbf.Cases[number].Label, $"a {Cbf.Cases[number].Label}, clearly", true)]);
        SampleMaking Make(RationaleOrder order) =>
            new(Cbf, Split, Representation(order) with { Rationale = new() { Order = order, Source = file.Hash } }, Tiny.Inputs, 0, file);
        Assert.Contains("clearly", Make(RationaleOrder.AnswerFirst).RationaleOf(number));
        Assert.Contains($"case {number}: expected one that does not name its class",
            Assert.Throws<DataException>(() => Make(RationaleOrder.RationaleFirst)).Message);
    }

    [Fact]
    public void A_template_that_asks_nothing_and_classes_of_several_lines_have_no_rationales()
    {
        var plain = TsVlm.Representations.Tests.Samples.Model() with { Template = ConversationTemplate.Plain };
        var representation = Representation(RationaleOrder.AnswerFirst);
        Assert.Contains("plain", Assert.Throws<RepresentationException>(
            () => FittedRepresentation.Fit(representation, plain, ["a", "b"], [TsVlm.Representations.Tests.Samples.Wave(9)])).Message);
        Assert.Contains("one line", Assert.Throws<RepresentationException>(
            () => FittedRepresentation.Fit(representation,
            Tiny.Inputs, ["a", "b\nc"], [TsVlm.Representations.Tests.Samples.Wave(9)])).Message);
    }

    private static Representation Representation(RationaleOrder order) => new()
    {
        ContextLength = 400, Downsampling = DownsamplingMethod.BlockMean, Numbers = new() { Digits = 1 },
            Rationale = new() { Order = order, MaxTokens = 40 },
    };

    private static SampleMaking Make(Dataset dataset, RationaleOrder order) => new(dataset, Split, Representation(order), Tiny.Inputs, 0);

    private static List<Sample> Of(SampleMaking making, string split) => [.. making.Splits.Single(s => s.Name == split).Samples];

    /// <summary>The data set with other series and other classes wherever nothing is learnt.</summary>
    private static Dataset Changed()
    {
        var training = Split.Train.ToHashSet();
        var classes = Cbf.Classes.ToList();
        List<LabelledSeries> cases = [.. Cbf.Cases.Select((c, i) => training.Contains(i) ? c
            : new LabelledSeries(TsVlm.Representations.Tests.Samples.Wave(c.Series.Length, amplitude: 50),
                classes[(classes.IndexOf(c.Label) + 1) % classes.Count]))];
        return new Dataset(Cbf.Name, Cbf.Classes, [.. cases.Take(Cbf.NumOfficialTrain)], [.. cases.Skip(Cbf.NumOfficialTrain)], []);
    }
}
