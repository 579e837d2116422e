using System.Text;
using TsVlm.Data;
using TsVlm.Data.Splits;
using TsVlm.Evaluation.Audit;
using TsVlm.Representations.Samples;
using static TsVlm.Evaluation.Tests.Audit.AuditSets;

namespace TsVlm.Evaluation.Tests.Audit;

public sealed class LabelInSampleTests
{
    private static readonly Dataset Data = Clean();
    private static readonly DatasetSplit Split = Splitter.Split(Data, "official", 0);

    [Fact]
    public void Samples_as_they_are_made_tell_no_label()
    {
        foreach (var scenario in new[] { Both, Text })
            Assert.All(Find(Data, (d, s) => Make(d, s, scenario)), f => Assert.Equal(AuditSeverity.Ok, f.Severity));
    }

    [Fact]
    public void A_label_in_the_prompt_is_found_by_its_exchange_and_by_its_text()
    {
        var found = Find(Data, (d, s) => Make(d, s)
            .Select(x => x with { Input = x.Input with { Prompt = $"Series {d.Cases[x.Case].Label}\n{x.Input.Prompt}" } }));
        Assert.Equal(AuditSeverity.Problem, found[0].Severity);
        Assert.Equal(Split.Test, found[0].Cases);
        Assert.Contains(found, f => f.Severity is AuditSeverity.Warning
            && f.Found.Contains("60 name their own class", StringComparison.Ordinal));
    }

    /// <summary>The name does not follow the label, as a file name would not, so only its text tells.</summary>
    [Fact]
    public void A_class_in_the_name_of_a_series_is_found_by_its_text()
    {
        var found = Find(Data, (d, s) => Make(d, s)
            .Select(x => x with { Input = x.Input with { Prompt = $"File {x.Case}-{Data.Cases[x.Case].Label}.csv\n{x.Input.Prompt}" } }));
        Assert.Equal(AuditSeverity.Ok, found[0].Severity);
        Assert.Contains(found, f => f.Severity is AuditSeverity.Warning
            && f.Found.Contains("outside the list of classes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rationale_that_knows_the_answer_is_found()
    {
        var found = Find(Data, (d, s) => Make(d, s)
            .Select(x => x with { Input =
                x.Input with { Prompt = $"The shape is typical of number {x.Answer} here.\n{x.Input.Prompt}" } }));
        Assert.Equal((AuditSeverity.Problem, AuditSeverity.Warning), (found[0].Severity, found[1].Severity));
    }

    [Fact]
    public void A_single_byte_of_the_image_that_follows_the_label_is_found()
    {
        var found = Find(Data, (d, s) => Make(d, s).Select(x =>
        {
            var image = x.Input.Image!;
            image[^20] ^= (byte)(d.Cases[x.Case].Label == "bell" ? 1 : 0);
            return x with { Input = x.Input with { Image = image } };
        }));
        Assert.Equal(AuditSeverity.Problem, found[0].Severity);
        // bell before or after the exchange
        Assert.All(found[0].Cases, i => Assert.Contains(Data.Cases[i].Label, new[] { "bell", "cylinder" }));
    }

    /// <summary>A probe reads them beside image and prompt.</summary>
    [Fact]
    public void A_statistic_that_follows_the_label_is_found()
    {
        var found = Find(Data, (d, s) => Make(d, s)
            .Select(x => x with { Input = x.Input with { Statistics = [d.Cases[x.Case].Label == "bell" ? 1 : 0] } }));
        Assert.Equal(AuditSeverity.Problem, found[0].Severity);
        Assert.All(found[0].Cases, i => Assert.Contains(Data.Cases[i].Label, new[] { "bell", "cylinder" }));
    }

    [Fact]
    public void Text_beside_the_pixels_of_an_image_is_found()
    {
        var found = Find(Data, (d, s) => Make(d, s)
            .Select(x => x with { Input = x.Input with { Image = WithText(x.Input.Image!, "Title\0series 7") } }));
        Assert.Equal("60 images hold text beside the pixels.", found.Single(f => f.Severity is AuditSeverity.Warning).Found);
    }

    [Fact]
    public void Words_that_are_also_classes_are_told_from_labels_that_leak()
    {
        var found = Find(Data, (d, s) => Make(d, s)
            .Select(x => x with { Input =
                x.Input with { Prompt = $"{(x.Case % 2 == 0 ? "A bell" : "Nothing")} rings.\n{x.Input.Prompt}" } }));
        Assert.Contains(found, f => f.Severity is AuditSeverity.Note && f.Advice.Contains("bell", StringComparison.Ordinal));
        Assert.DoesNotContain(found, f => f.Severity > AuditSeverity.Note);
    }

    /// <summary>A statistic of the series, such as its rounded mean, that goes with the class and is written like an answer.</summary>
    [Fact]
    public void Numbers_of_a_series_that_are_also_answers_are_told_and_no_more()
    {
        var answers = Make(Data, Split).ToDictionary(s => s.Case, s => s.Answer);
        var found = Find(Data, (d, s) => Make(d, s)
            .Select(x => x with { Input = x.Input with { Prompt = $"Level {answers[x.Case]} here\n{x.Input.Prompt}" } }));
        Assert.Equal(AuditSeverity.Note, found.Max(f => f.Severity));
        Assert.Contains(found, f => f.Found.Contains("60 name their own class", StringComparison.Ordinal)
            && f.Advice.Contains("it is the values", StringComparison.Ordinal));
    }

    [Fact]
    public void A_question_that_names_a_class_beyond_its_list_is_told()
    {
        var found = Find(Data, (d, s) => Make(d, s)
            .Select(x => x with { Input = x.Input with { Prompt = $"Is it a bell?\n{x.Input.Prompt}" } }));
        Assert.Equal("The question names 1 class beyond its list of classes: bell.",
            found.Single(f => f.Severity is AuditSeverity.Note).Found);
        Assert.DoesNotContain(found, f => f.Severity > AuditSeverity.Note);
    }

    [Theory]
    [InlineData("a bell rings", "bell", true)]
    [InlineData("Bell.", "bell", true)]
    [InlineData("bellows", "bell", false)]
    [InlineData("1.5 2 0.1", "1", false)]
    [InlineData("-1 2", "1", false)]
    [InlineData("3, 1, 4", "1", true)]
    [InlineData("File 7-bell_a.csv", "bell", true)]
    [InlineData("3,1", "1", true)]
    [InlineData("2,1,5", "1", true)]
    [InlineData("class 1.", "1", true)]
    public void A_class_is_named_by_a_word_or_number_of_its_own(string text, string word, bool expected) =>
        Assert.Equal(expected, SharedPrompt.Mentions(text, word));

    [Fact]
    public void The_text_that_prompts_share_is_cut_at_words()
    {
        var prompt = SharedPrompt.Of(["USER: it is a bell\nWhich? bell, funnel", "USER: it is a funnel\nWhich? bell, funnel"]);
        Assert.Equal(["bell", "funnel"], prompt.Own);
        Assert.Equal(("USER: it is a ", "\nWhich? bell, funnel"), (prompt.Beginning, prompt.End));
    }

    private static List<AuditFinding> Find(Dataset dataset, Func<Dataset, DatasetSplit, IEnumerable<Sample>> make) =>
        [.. LabelInSampleCheck.Of(dataset, Split, "both", (d, s, _) => make(d, s), new(), Stop)];

    private static IEnumerable<Sample> Make(Dataset dataset, DatasetSplit split, TsVlm.Contracts.Scenario? scenario = null) =>
        new SampleMaking(dataset, split, (scenario ?? Both).Canonical().Representation, Model,
            0).Splits.Single(s => s.Name == SplitNames.Test).Samples;

    /// <summary>The image with a chunk tEXt before its end.</summary>
    private static byte[] WithText(byte[] png, string text)
    {
        byte[] body = [.. "tEXt"u8, .. Encoding.Latin1.GetBytes(text)];
        byte[] length = [.. BitConverter.GetBytes(text.Length).Reverse()];
        return [.. png[..^12], .. length, .. body, 0, 0, 0, 0, .. png[^12..]];
    }
}
