using TsVlm.Evaluation.Metrics;
using TsVlm.Evaluation.Results;

namespace TsVlm.Evaluation.Tests.Results;

public sealed class CsvTextTests
{
    [Fact]
    public void Numbers_are_written_as_before_and_never_escaped() =>
        Assert.Equal("-1,-0.5,-1E-05,,-Infinity,-3", CsvText.Line(-1, -0.5, -1e-5, double.NaN, double.NegativeInfinity, -3L));

    [Fact]
    public void Lines_of_ordinary_texts_are_written_as_before() =>
        Assert.Equal("left,\"a, \"\"b\"\"\",-1,1e-5,\" x\",it's", CsvText.Line("left", "a, \"b\"", "-1", "1e-5", " x", "it's"));

    [Fact]
    public void Predictions_of_classes_that_begin_like_formulas_are_escaped_and_those_of_numbers_are_not()
    {
        var output = new StringWriter();
        PredictionsCsv.Write(output, ["-1", "=cmd|' /C calc'!A0"], [CasePrediction.Of(7, 0, [0.75, 0.25]), CasePrediction.Of(8, 1, [0.4, 0.6])]);
        Assert.Equal("index,label,prediction,probability_-1,probability_=cmd|' /C calc'!A0\n7,-1,-1,0.75,0.25\n"
            + "\"8\",\"'=cmd|' /C calc'!A0\",\"'=cmd|' /C calc'!A0\",\"0.4\",\"0.6\"\n", output.ToString());
    }

    [Fact]
    public void Rationales_that_begin_like_formulas_are_escaped()
    {
        var output = new StringWriter();
        PredictionsCsv.WriteRationales(output, ["a", "b"], [CasePrediction.Of(7, 0, [0.75, 0.25])], ["- it \"rises\""]);
        Assert.Equal("index,prediction,rationale\n\"7\",\"a\",\"'- it \"\"rises\"\"\"\n", output.ToString());
    }
}
