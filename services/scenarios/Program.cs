using TsVlm.Scenarios;
using TsVlm.Scenarios.Api;
using TsVlm.ServiceDefaults.Hosting;

if (args is [SmokeTest.Argument]) return await SmokeTest.Run();
return await ServiceHost.Run(args, service =>
{
    service.AddArtifacts();
    service.AddScenarios();
    service.AddApi();
}, app => app.MapApi());
