using TsVlm.Data;
using TsVlm.Web.Runs;

namespace TsVlm.Web.Tests.Runs;

public sealed class PredictedCaseTests
{
    [Fact]
    public void Labels_come_back_as_they_were_whatever_they_hold()
    {
        string[] labels = ["a,b", "=1+1", "line\nbreak", "<b>\"quoted\"</b>"];
        var text = string.Concat(new[] { CsvRecord.Of(["index", "label", "prediction", .. labels.Select(label => $"probability_{label}")]) }
            .Concat(labels.Select((label, i) => CsvRecord.Of([$"{i}", label, labels[0], "0.4", "0.3", "0.2", "0.1"]))).Select(record => record + "\n"));
        var cases = PredictedCase.Read(text);
        Assert.Equal(labels, cases.Select(c => c.Label));
        Assert.Equal(labels, cases[0].Probabilities.Select(p => p.Class));
        Assert.Equal([true, false, false, false], cases.Select(c => c.IsRight));
        Assert.All(cases, c => Assert.Equal(0.4, c.Confidence));
    }

    [Fact]
    public void An_empty_file_has_no_cases() => Assert.Empty(PredictedCase.Read(""));
}
