using TsVlm.Evaluator;
using TsVlm.ServiceDefaults.Hosting;
using TsVlm.ServiceDefaults.Messaging;
using TsVlm.VisionLanguage.Numerics;

TorchRuntime.ShareTheMachine();
return await ServiceHost.Run(args, service =>
{
    var settings = EvaluatorSettings.Read(service.Settings);
    service.AddArtifacts();
    service.AddModels();
    service.AddMessaging(bus => bus.AddEvaluator(settings));
});
