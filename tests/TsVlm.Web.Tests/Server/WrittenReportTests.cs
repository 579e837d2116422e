using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.State;

namespace TsVlm.Web.Tests.Server;

/// <summary>Experiments of <c>tsvlm run</c>, whose reports are in its folder and not in the store.</summary>
public sealed class WrittenReportTests(LocalServer server)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_report_outside_the_store_is_written_into_it_though_its_experiment_waits()
    {
        var id = (await server.Client.Submit(LocalServer.Submission with
        {
            Grid = JsonNode.Parse("""{ "name": "of a command", "baselines": ["1nn-ed"], "scenarios": [ { "name": "written", "representation": { "arm": "image", "text": "NONE", "image": "zoom-mosaic" }, "recipe": { "readOut": "tower-probe", "epochs": 0 } } ] }""")!,
            Resamples = [1],
        }, Now)).Id;
        await Follow(id);
        await using (var database = await server.Services.GetRequiredService<IDbContextFactory<RunDatabase>>().CreateDbContextAsync(Now))
        {
            await database.Experiments.Where(e => e.Id == id).ExecuteUpdateAsync(e => e
                .SetProperty(x => x.ReportHash, (string?)null).SetProperty(x => x.Intent, ExperimentIntent.Wait), Now);
        }
        await Assert.ThrowsAsync<Client.ServerException>(() => server.Client.OpenReport(id, Now));

        await server.Services.GetRequiredService<ReportStore>().ReopenWritten(Now);
        await Follow(id);
        Assert.NotNull((await server.Client.ShowExperiment(id, Now)).ReportHash);
        await using var report = await server.Client.OpenReport(id, Now);
    }

    private async Task Follow(string id)
    {
        await foreach (var item in server.Client.Follow(id, Now)) Assert.NotEqual(StageStatus.Failed, item.Data.Report);
    }
}
