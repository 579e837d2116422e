using TsVlm.Data;
using TsVlm.Data.Canonical;
using TsVlm.Scenarios.Experiments;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Scenarios;

public sealed class DatasetUploadTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_data_set_with_missing_values_is_taken() =>
        Assert.Equal(1, Upload(["a"], double.NaN, 2).Cases[0].Series.NumMissing);

    [Fact]
    public void An_infinite_value_is_refused_with_its_case_channel_and_time_step() =>
        Assert.Contains("expected a finite number in case 0, channel 0 at time step 1, or NaN for a missing one, found -Infinity. Replace it.",
            Assert.Throws<DataException>(() => Upload(["a"], 1, double.NegativeInfinity)).Message);

    [Fact]
    public void A_data_set_without_classes_or_cases_is_refused()
    {
        Assert.Contains("expected at least one class, found none.", Assert.Throws<DataException>(() => Upload([])).Message);
        Assert.Contains("expected at least one training case, found none among 0 cases.",
            Assert.Throws<DataException>(() => Upload(["a"])).Message);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>One case of these values, or none.</summary>
    private Dataset Upload(string[] classes, params double[] values)
    {
        LabelledSeries[] cases = values.Length == 0 ? [] : [new(new TimeSeries([values]), classes[0])];
        using (var file = File.Create(folder.File("upload"))) DatasetFile.Write(new Dataset("X", classes, cases, [], []), file);
        return DatasetUpload.Read(folder.File("upload"));
    }
}
