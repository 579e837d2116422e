using System.Text;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Scenarios.Api;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Scenarios;

/// <summary>Bodies of POST /experiments with seeded mistakes: each is taken, or refused with a sentence for people.</summary>
public class SubmissionFuzzTests
{
    private const int NumBodies = 10_000;
    private const int MostRuns = 200;

    [Fact]
    public void Ten_thousand_bodies_with_mistakes_are_each_taken_or_refused_with_a_reason()
    {
        var (random, catalog) = (new Random(16), new DatasetCatalog(null));
        var (numTaken, numRefused) = (0, 0);
        for (var i = 0; i < NumBodies; i++)
        {
            var body = MutatedSubmissions.Next(random);
            try
            {
                GridExpansion.Of(Submission.Parse(body).ToRequest(catalog, MostRuns).Grid);
                numTaken++;
            }
            catch (Exception error) when (error is IUserFacingError or ApiProblem)
            {
                numRefused++;
                Assert.DoesNotMatch(@"System\.|TsVlm\.|`\d|BytePosition", error.Message);
                Assert.Contains("expected", error.Message, StringComparison.OrdinalIgnoreCase);
                Assert.InRange(error.Message.Length, 1, 5000);
            }
            catch (Exception error)
            {
                Assert.Fail($"Body {i}, {Encoding.UTF8.GetString(body[..Math.Min(body.Length, 500)])}: {error}");
            }
        }
        Assert.True(numTaken > NumBodies / 100 && numRefused > NumBodies / 2, $"{numTaken} taken, {numRefused} refused");
    }

    [Theory]
    [InlineData("""{"grid":"quick","datasets":[null]}""", "body(1): datasets[0]: expected")]
    [InlineData("""{"grid":null}""", "body(1): grid: expected a value, found null.")]
    [InlineData("""{"grid":"quick","seeds":[1.5]}""", "body(1): seeds[0]: expected a whole number, found 1.5.")]
    [InlineData("""{"grid":"quick","Seeds":[1]}""", "body(1): Seeds: expected one of grid, datasets, protocol, resamples, seeds, model, command, found 'Seeds'.")]
    [InlineData("""{"grid":"quick","grid":"paper"}""", "body(1): grid: expected each setting once, found 'grid' a second time.")]
    [InlineData("""{"grid":"quick","model":"\ud800"}""", "body(1): model: expected text of whole Unicode characters")]
    [InlineData("""{"grid":"quick","model":"a\u0000"}""", "body(1): model: expected text without control characters, found 'a\\u0000'.")]
    [InlineData("""{"grid":{"name":"g","baselines":["1nn-ed","1nn-ed"]}}""", "g: baselines: expected each once, found '1nn-ed' twice.")]
    [InlineData("[]", "body(1): $: expected settings in braces")]
    [InlineData("null", "body(1): $: expected settings in braces")]
    [InlineData("{}", "body(1): $: expected a grid, found none")]
    public void A_mistake_is_named_with_its_place(string body, string expected)
    {
        var error = Assert.ThrowsAny<Exception>(() =>
            GridExpansion.Of(Submission.Parse(Encoding.UTF8.GetBytes(body)).ToRequest(new DatasetCatalog(null), MostRuns).Grid));
        Assert.IsType<IUserFacingError>(error, exactMatch: false);
        Assert.StartsWith(expected, error.Message);
    }

    [Fact]
    public void A_catalog_without_a_data_set_is_named_without_its_folder()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<DataException>(() =>
            Submission.Parse("""{"grid":"quick"}"""u8.ToArray()).ToRequest(new DatasetCatalog(folder.Path), MostRuns));
        Assert.Equal("datasets: expected data sets in the catalog of the service, found none. Store one with POST /datasets.", error.Message);
    }
}
